package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This process as the kernel describes it below {@code proc}; what it does not say is empty. */
record ThisProcess(Path root, OptionalLong uid, OptionalLong umask, OptionalLong mostFiles) {
  private static final Pattern UID = Pattern.compile("(?m)^Uid:\\s*\\d+\\s+(\\d+)");
  private static final Pattern UMASK = Pattern.compile("(?m)^Umask:\\s*([0-7]+)$");
  private static final Pattern FILES =
      Pattern.compile("(?m)^Max open files\\s+\\S+\\s+(\\d+|unlimited)");
  private static final Pattern CONTAINER =
      Pattern.compile("docker|kubepods|containerd|libpod|lxc|podman");

  static ThisProcess of(Path root) {
    String status = text(root.resolve("proc/self/status"));
    String limits = text(root.resolve("proc/self/limits"));
    return new ThisProcess(root, number(UID, status, 10), number(UMASK, status, 8), files(limits));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return ""; // A system without it: then nothing is said of it.
    }
  }

  private static OptionalLong number(Pattern pattern, String text, int radix) {
    Matcher found = pattern.matcher(text);
    return found.find()
        ? OptionalLong.of(Long.parseLong(found.group(1), radix))
        : OptionalLong.empty();
  }

  private static OptionalLong files(String limits) {
    Matcher found = FILES.matcher(limits);
    if (!found.find()) {
      return OptionalLong.empty();
    }
    String hard = found.group(1);
    return OptionalLong.of(hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard));
  }

  /** Whether a process of that number runs here. */
  boolean runs(long pid) {
    return Files.isDirectory(root.resolve("proc").resolve(Long.toString(pid)));
  }

  /** What shows that this is a container; empty when nothing does. */
  Optional<String> container() {
    for (String sign : new String[] {".dockerenv", "run/.containerenv"}) {
      if (Files.exists(root.resolve(sign))) {
        return Optional.of("/" + sign);
      }
    }
    Path groups = root.resolve("proc/self/cgroup");
    return CONTAINER.matcher(text(groups)).find()
        ? Optional.of("/proc/self/cgroup")
        : Optional.empty();
  }
}
