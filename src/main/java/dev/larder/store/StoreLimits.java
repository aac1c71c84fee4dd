package dev.larder.store;

/**
 * How much a store may take.
 *
 * @param maxSizeBytes of all blobs and reservations together; {@link Long#MAX_VALUE} is no limit
 * @param minFreeBytes left to others on the file system
 */
public record StoreLimits(long maxSizeBytes, long minFreeBytes) {
  public StoreLimits {
    if (maxSizeBytes < 0 || minFreeBytes < 0) {
      throw new IllegalArgumentException("negative limit: " + maxSizeBytes + ", " + minFreeBytes);
    }
  }

  /** Whatever the file system has. */
  public static StoreLimits none() {
    return new StoreLimits(Long.MAX_VALUE, 0);
  }
}
