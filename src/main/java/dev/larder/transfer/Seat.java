package dev.larder.transfer;

import dev.larder.content.ByteRange;

/** A reader's place in a flight. Its state is guarded by the flight's lock. */
final class Seat {
  private final ByteRange range;
  private final boolean wholeFile;
  private final long takenNanos = System.nanoTime();
  private long position;
  private boolean left;
  private boolean awaited;

  Seat(ByteRange range, boolean wholeFile) {
    this.range = range;
    this.wholeFile = wholeFile;
    this.position = range.start();
  }

  ByteRange range() {
    return range;
  }

  boolean wholeFile() {
    return wholeFile;
  }

  /** How long it will still wait for a whole small file; zero or less when it waits no more. */
  long patienceNanos() {
    return TransferSettings.SMALL_FILE_WAIT.toNanos() - (System.nanoTime() - takenNanos);
  }

  void moveTo(long newPosition) {
    position = newPosition;
  }

  void leave() {
    left = true;
  }

  /** Whether its reader's thread waits for bytes just now. */
  void awaited(boolean now) {
    awaited = now;
  }

  boolean awaited() {
    return awaited;
  }

  /** Whether its reader is gone, so that nobody waits for it any longer. */
  boolean left() {
    return left;
  }

  Want want() {
    return new Want(position, range, wholeFile);
  }
}
