package dev.larder.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets this process may have open. */
final class FileDescriptors {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String ROW = "Max open files";
  private static final int UNKNOWN = 1024;

  /** Below this there is no server: libraries, catalog and a few clients need as many. */
  static final int LEAST = 256;

  private FileDescriptors() {}

  /** Throws {@link HttpException.TooFewDescriptors}. */
  static void require(int limit) {
    if (limit < LEAST) {
      throw new HttpException.TooFewDescriptors(limit, LEAST);
    }
  }

  /** The soft limit; where the system does not tell, the least that is usual. */
  static int limit() {
    if (!Files.isReadable(LIMITS)) {
      return UNKNOWN;
    }
    try (var lines = Files.lines(LIMITS)) {
      return lines
          .filter(line -> line.startsWith(ROW))
          .findFirst()
          .map(line -> line.substring(ROW.length()).strip().split("\\s+", 2)[0])
          .map(FileDescriptors::parse)
          .orElse(UNKNOWN);
    } catch (IOException _) {
      return UNKNOWN; // A lower guess only refuses clients earlier.
    }
  }

  private static int parse(String soft) {
    if (soft.equals("unlimited")) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft));
  }
}
