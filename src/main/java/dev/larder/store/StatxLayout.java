package dev.larder.store;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.larder.content.FileStat;
import java.lang.foreign.MemorySegment;

/**
 * Where the fields of {@code struct statx} lie: the kernel's user API (include/uapi/linux/stat.h),
 * the same on every 64-bit architecture that Larder runs on.
 */
final class StatxLayout {
  static final long BYTES = 256;

  private StatxLayout() {}

  static FileStat read(MemorySegment stat) {
    int mode = Short.toUnsignedInt(stat.get(JAVA_SHORT, 28));
    long major = Integer.toUnsignedLong(stat.get(JAVA_INT, 136));
    long minor = Integer.toUnsignedLong(stat.get(JAVA_INT, 140));
    return new FileStat(
        kind(mode),
        (major << 32) | minor,
        stat.get(JAVA_LONG, 32),
        stat.get(JAVA_INT, 16),
        mode & 07777,
        stat.get(JAVA_LONG, 40),
        nanos(stat, 112),
        nanos(stat, 96),
        nanos(stat, 64));
  }

  private static FileStat.Kind kind(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> FileStat.Kind.FILE;
      case 0040000 -> FileStat.Kind.DIRECTORY;
      case 0120000 -> FileStat.Kind.SYMLINK;
      default -> FileStat.Kind.OTHER;
    };
  }

  private static long nanos(MemorySegment stat, long offset) {
    return stat.get(JAVA_LONG, offset) * 1_000_000_000L
        + Integer.toUnsignedLong(stat.get(JAVA_INT, offset + 8));
  }
}
