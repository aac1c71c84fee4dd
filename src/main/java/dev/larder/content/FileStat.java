package dev.larder.content;

import java.time.Instant;

/**
 * What the file system says of one name. The four numbers of {@link #fingerprint()} change whenever
 * somebody rewrites the file, through whichever of its names.
 */
public record FileStat(
    Kind kind,
    long device,
    long inode,
    int links,
    int mode,
    long sizeBytes,
    long modifiedNanos,
    long changedNanos,
    long accessedNanos) {
  /** What a name can be. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER
  }

  /** Identifies an unchanged file. A new hard link changes {@code changedNanos} alone. */
  public record Fingerprint(long inode, long sizeBytes, long modifiedNanos, long changedNanos) {}

  /** Which file it is, whatever names it has. */
  public record Id(long device, long inode) {}

  public Id id() {
    return new Id(device, inode);
  }

  /** What a number of nanoseconds, as files have their times, says. */
  public static Instant time(long nanos) {
    return Instant.EPOCH.plusNanos(nanos);
  }

  public Fingerprint fingerprint() {
    return new Fingerprint(inode, sizeBytes, modifiedNanos, changedNanos);
  }
}
