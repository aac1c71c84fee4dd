package dev.larder.transfer;

import dev.larder.content.ByteRange;

/** A reader's place in a flight. Its state is guarded by the flight's lock. */
final class Seat {
  private final ByteRange range;
  private final boolean wholeFile;
  private long position;
  private boolean left;

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

  void moveTo(long newPosition) {
    position = newPosition;
  }

  void leave() {
    left = true;
  }

  /** Whether its reader is gone, so that nobody waits for it any longer. */
  boolean left() {
    return left;
  }

  Want want() {
    return new Want(position, range, wholeFile);
  }
}
