package dev.larder.upstream;

import java.io.IOException;

/**
 * Everything until the peer closes: nothing tells an end from a break, so the caller has to know
 * the size. Such a connection is never used again.
 */
final class CloseFraming implements Framing {
  @Override
  public int read(Connection connection, byte[] target, int offset, int length) throws IOException {
    return connection.read(target, offset, length);
  }

  @Override
  public boolean done() {
    return false;
  }

  @Override
  public long declaredBytes() {
    return -1;
  }
}
