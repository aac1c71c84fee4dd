package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mounts of this process, as {@code /proc/self/mountinfo} lists them. proc(5). */
record Mounts(List<Mount> all) {
  /** One line: where it is mounted, its type ({@code ext4}, {@code fuse.sshfs}), its source. */
  record Mount(Path at, String type, String source, boolean readOnly) {}

  static Mounts read(Path root) {
    try {
      return parse(Files.readString(root.resolve("proc/self/mountinfo")));
    } catch (IOException _) {
      return new Mounts(List.of()); // A system without it: then nothing is said of mounts.
    }
  }

  static Mounts parse(String text) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] first = halves[0].split(" ", -1);
      if (halves.length == 2 && first.length >= 6) {
        String[] second = halves[1].split(" ", -1);
        boolean readOnly =
            options(first[5]).contains("ro")
                || (second.length > 2 && options(second[2]).contains("ro"));
        mounts.add(
            new Mount(
                Path.of(unescaped(first[4])),
                second[0],
                second.length > 1 ? unescaped(second[1]) : "",
                readOnly));
      }
    }
    return new Mounts(List.copyOf(mounts));
  }

  /** The one that {@code path} lies on: the deepest, and of those at one place the newest. */
  Optional<Mount> of(Path path) {
    Mount found = null;
    for (Mount mount : all) {
      boolean deeper = found == null || mount.at().getNameCount() >= found.at().getNameCount();
      if (path.startsWith(mount.at()) && deeper) {
        found = mount;
      }
    }
    return Optional.ofNullable(found);
  }

  private static Set<String> options(String text) {
    return new HashSet<>(List.of(text.split(",", -1)));
  }

  /** The kernel writes space, tab, newline and backslash as octal numbers. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
