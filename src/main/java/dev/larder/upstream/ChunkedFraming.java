package dev.larder.upstream;

import java.io.EOFException;
import java.io.IOException;

/** The chunked coding of RFC 9112 §7.1. Extensions and trailers are skipped, within limits. */
final class ChunkedFraming implements Framing {
  private static final int LONGEST_LINE = 4096;
  private static final int MOST_TRAILERS = 32;
  private static final int MOST_DIGITS = 15;

  private long left;
  private boolean begun;
  private long total;
  private volatile boolean done;

  @Override
  public int read(Connection connection, byte[] target, int offset, int length) throws IOException {
    if (left == 0 && !done) {
      nextChunk(connection);
    }
    if (done) {
      return -1;
    }
    int got = connection.read(target, offset, (int) Math.min(length, left));
    if (got < 0) {
      throw Connection.endedAfter(total, "unknown");
    }
    left -= got;
    total += got;
    return got;
  }

  private void nextChunk(Connection connection) throws IOException {
    if (begun && !line(connection).isEmpty()) {
      throw new MalformedAnswer("a chunk does not end where it says");
    }
    begun = true;
    left = size(line(connection));
    if (left == 0) {
      skipTrailers(connection);
      done = true;
    }
  }

  private static long size(String line) throws MalformedAnswer {
    int end = line.indexOf(';');
    String digits = (end < 0 ? line : line.substring(0, end)).stripTrailing();
    if (digits.length() > MOST_DIGITS || !digits.matches("[0-9a-fA-F]+")) {
      throw new MalformedAnswer("a chunk's length is not a number");
    }
    return Long.parseLong(digits, 16);
  }

  private static void skipTrailers(Connection connection) throws IOException {
    for (int count = 0; !line(connection).isEmpty(); count++) {
      if (count == MOST_TRAILERS) {
        throw new MalformedAnswer("it has no end of trailers");
      }
    }
  }

  private static String line(Connection connection) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = connection.read(); c != '\r'; c = connection.read()) {
      if (c < 0) {
        throw new EOFException("the answer ended between two chunks");
      }
      if (line.length() == LONGEST_LINE || c < 0x20 && c != '\t') {
        throw new MalformedAnswer("a chunk's head is none");
      }
      line.append((char) c);
    }
    if (connection.read() != '\n') {
      throw new MalformedAnswer("a chunk's head does not end in CR LF");
    }
    return line.toString();
  }

  @Override
  public boolean done() {
    return done;
  }

  @Override
  public long declaredBytes() {
    return -1;
  }
}
