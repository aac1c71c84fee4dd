package dev.larder.store;

import dev.larder.content.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of published blobs and what running attempts may still write. One lock, held for
 * arithmetic and one {@code statvfs}.
 */
final class Reservations {
  private final Disk disk;
  private final Path larder;
  private final StoreLimits limits;
  private final Set<Reservation> held = new HashSet<>();
  private long storedBytes;

  Reservations(Disk disk, Path larder, StoreLimits limits) {
    this.disk = disk;
    this.larder = larder;
    this.limits = limits;
  }

  /** Room for one attempt: its whole size, of which some is written already. */
  final class Reservation {
    private final long sizeBytes;
    private volatile long writtenBytes;

    private Reservation(long sizeBytes, long writtenBytes) {
      this.sizeBytes = sizeBytes;
      this.writtenBytes = writtenBytes;
    }

    /** So that bytes which the file system counts already are not counted twice. */
    void written(long bytes) {
      writtenBytes = bytes;
    }

    /** Ends it; repeating it does nothing. */
    void release() {
      synchronized (Reservations.this) {
        held.remove(this);
      }
    }
  }

  /** Throws {@link StoreException.StoreFull} unless {@code sizeBytes} more fit both limits. */
  synchronized Reservation reserve(String what, long sizeBytes) throws IOException {
    long allowed = allowedBytes();
    if (sizeBytes > allowed) {
      throw new StoreException.StoreFull(
          what,
          sizeBytes,
          allowed,
          "raise the size limit of the store or remove what is not needed");
    }
    long usable = usableBytes();
    if (sizeBytes > usable) {
      throw new StoreException.StoreFull(
          what, sizeBytes, usable, "free space on the file system of " + larder);
    }
    return keep(sizeBytes, 0);
  }

  /** How many bytes have to go before {@code sizeBytes} more fit both limits; 0 when they do. */
  synchronized long missing(long sizeBytes) throws IOException {
    long allowed = allowedBytes();
    return Math.max(0, sizeBytes - Math.min(allowed, usableBytes()));
  }

  private long allowedBytes() {
    return limits.maxSizeBytes() - storedBytes - reservedBytes();
  }

  private long usableBytes() throws IOException {
    return disk.freeBytes(larder) - limits.minFreeBytes() - unwrittenBytes();
  }

  /** For an attempt found at start, which has its room already. */
  synchronized Reservation keep(long sizeBytes, long writtenBytes) {
    Reservation reservation = new Reservation(sizeBytes, writtenBytes);
    held.add(reservation);
    return reservation;
  }

  void stored(long bytes) {
    stored(bytes, null);
  }

  /** What {@code room} was for is stored now: at no moment it counts twice, or not at all. */
  synchronized void stored(long bytes, @Nullable Reservation room) {
    storedBytes += bytes;
    if (room != null) {
      held.remove(room);
    }
  }

  StoreLimits limits() {
    return limits;
  }

  synchronized long storedBytes() {
    return storedBytes;
  }

  synchronized long reservedBytes() {
    return held.stream().mapToLong(r -> r.sizeBytes).sum();
  }

  private long unwrittenBytes() {
    return held.stream().mapToLong(r -> Math.max(0, r.sizeBytes - r.writtenBytes)).sum();
  }
}
