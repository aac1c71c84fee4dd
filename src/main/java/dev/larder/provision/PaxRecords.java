package dev.larder.provision;

import dev.larder.provision.TarHeader.Bad;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a POSIX.1-2001 extended header says of the next entry: lines {@code length key=value}. Only
 * its name, the text of its link and its size count here; times and owners are passed over, and any
 * other key is refused, since it may change what the entry is (sparse files, another character
 * set).
 */
record PaxRecords(Optional<String> path, Optional<String> target, OptionalLong sizeBytes) {
  static final PaxRecords NONE =
      new PaxRecords(Optional.empty(), Optional.empty(), OptionalLong.empty());

  private static final Set<String> PASSED_OVER =
      Set.of(
          "mtime",
          "atime",
          "ctime",
          "uid",
          "gid",
          "uname",
          "gname",
          "LIBARCHIVE.creationtime",
          "SCHILY.dev",
          "SCHILY.ino",
          "SCHILY.nlink");

  static PaxRecords read(byte[] bytes) throws Bad {
    Optional<String> path = Optional.empty();
    Optional<String> target = Optional.empty();
    OptionalLong size = OptionalLong.empty();
    Set<String> seen = new HashSet<>();
    for (int at = 0; at < bytes.length; ) {
      int end = at + length(bytes, at);
      String line = line(bytes, at, end);
      int equals = line.indexOf('=');
      String key = equals < 0 ? "" : line.substring(0, equals);
      String value = line.substring(equals + 1);
      if (!seen.add(key)) {
        throw new Bad("has an extended header that says '%s' twice".formatted(Shown.of(key)));
      }
      switch (key) {
        case "path" -> path = Optional.of(name(value));
        case "linkpath" -> target = Optional.of(name(value));
        case "size" -> size = OptionalLong.of(number(value));
        default -> {
          if (!PASSED_OVER.contains(key)) {
            throw new Bad("has an extended header with '%s'".formatted(Shown.of(key)));
          }
        }
      }
      at = end;
    }
    return new PaxRecords(path, target, size);
  }

  /** The decimal length, which counts itself, the space and the newline. */
  private static int length(byte[] bytes, int from) throws Bad {
    int length = 0;
    int at = from;
    while (at < bytes.length && at < from + 7 && bytes[at] >= '0' && bytes[at] <= '9') {
      length = length * 10 + bytes[at++] - '0';
    }
    boolean sound =
        at > from
            && at < bytes.length
            && bytes[at] == ' '
            && length > at - from + 1
            && length <= bytes.length - from
            && bytes[from + length - 1] == '\n';
    if (!sound) {
      throw new Bad("has an extended header that cannot be read");
    }
    return length;
  }

  private static String line(byte[] bytes, int from, int end) throws Bad {
    int at = from;
    while (bytes[at] != ' ') {
      at++;
    }
    return TarHeader.utf8(bytes, at + 1, end - at - 2);
  }

  private static String name(String value) throws Bad {
    if (value.isEmpty() || value.indexOf('\0') >= 0) {
      throw new Bad("has an extended header with a name that is none");
    }
    return value;
  }

  private static long number(String value) throws Bad {
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && Long.toString(number).equals(value)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // As any other that is none.
    }
    throw new Bad("has an extended header with a size that no file has");
  }
}
