package dev.larder.doctor;

import dev.larder.content.FileStat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lock files whose existence is the lock: filelock's SoftFileLock, which huggingface_hub takes
 * where {@code flock(2)} does not work. It holds the number and the machine of its owner, on lines
 * of their own; an ordinary lock file is empty and may lie there for ever.
 */
final class SoftLockCheck implements Check {
  private static final int LONGEST = 1024;
  private static final Pattern MARKER = Pattern.compile("(\\d{1,18})\n([^\n]+)\n(?:[^\n]*\n?)?");

  @Override
  public String subject() {
    return "lock files of Python";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Stale> stale = stale(scene);
    if (stale.isEmpty()) {
      return List.of();
    }
    return List.of(
        Finding.of(
            Code.SOFT_LOCK_STALE,
            "Locks were left behind by processes that ended: %s.".formatted(Stale.shown(stale)),
            "larder doctor --fix",
            () -> Stale.remove(scene, stale, PythonDownloads::held)));
  }

  private static List<Stale> stale(Scene scene) throws IOException {
    PythonDownloads python = new PythonDownloads(scene);
    List<Stale> stale = new ArrayList<>();
    for (Path folder : Places.in(scene.hub().resolve(".locks"))) {
      for (Path file : Places.in(folder)) {
        FileStat stat = scene.stat(file).orElse(null);
        if (stat != null
            && stat.kind() == FileStat.Kind.FILE
            && stat.sizeBytes() > 0
            && stat.sizeBytes() <= LONGEST
            && Files.isReadable(file)
            && python.quiet(stat)) {
          Matcher marker = MARKER.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
          if (marker.matches()
              && !lives(scene, marker)
              && !PythonDownloads.held(file)
              && !python.growing(file)) {
            stale.add(new Stale(file, stat.fingerprint()));
          }
        }
      }
    }
    return stale;
  }

  /** Of another machine nobody here can tell, so that its downloads decide alone. */
  private static boolean lives(Scene scene, Matcher marker) {
    return hostNames().contains(marker.group(2).strip())
        && scene.process().runs(Long.parseLong(marker.group(1)));
  }

  private static Set<String> hostNames() {
    try {
      InetAddress here = InetAddress.getLocalHost();
      return new HashSet<>(List.of(here.getHostName(), here.getCanonicalHostName()));
    } catch (UnknownHostException _) {
      return Set.of(); // A machine without a name: its locks look like those of another.
    }
  }
}
