package dev.larder.upstream;

import java.io.IOException;

/** As many bytes as were declared. */
final class LengthFraming implements Framing {
  private final long declared;
  private volatile long left;

  LengthFraming(long declared) {
    this.declared = declared;
    this.left = declared;
  }

  @Override
  public int read(Connection connection, byte[] target, int offset, int length) throws IOException {
    long wanted = left;
    if (wanted == 0) {
      return -1;
    }
    int got = connection.read(target, offset, (int) Math.min(length, wanted));
    if (got < 0) {
      throw Connection.endedAfter(declared - wanted, Long.toString(declared));
    }
    left = wanted - got;
    return got;
  }

  @Override
  public boolean done() {
    return left == 0;
  }

  @Override
  public long declaredBytes() {
    return declared;
  }
}
