package dev.larder.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Reads the head of a response, strictly: RFC 9112 without its tolerances, at most {@link
 * #LIMIT_BYTES} and {@link #LIMIT_FIELDS}.
 */
final class HeadReader {
  static final int LIMIT_BYTES = 64 << 10;
  static final int LIMIT_FIELDS = 100;
  private static final int MOST_INTERIM = 8;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: .*)?");
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Connection connection;
  private int left = LIMIT_BYTES;

  private HeadReader(Connection connection) {
    this.connection = connection;
  }

  record Head(boolean http11, int status, Fields fields) {}

  /** The final head; interim ones (1xx) are skipped. */
  static Head read(Connection connection) throws IOException {
    for (int skipped = 0; skipped <= MOST_INTERIM; skipped++) {
      Head head = new HeadReader(connection).head();
      if (head.status() == 101) {
        throw new MalformedAnswer("it switches to another protocol, which was not asked for");
      }
      if (head.status() >= 200) {
        return head;
      }
    }
    throw new MalformedAnswer("it has no end of interim answers");
  }

  private Head head() throws IOException {
    var status = STATUS.matcher(line());
    if (!status.matches()) {
      throw new MalformedAnswer("it does not begin with an HTTP/1 status line");
    }
    Fields.Builder fields = new Fields.Builder();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || !NAME.matcher(line.substring(0, colon)).matches()) {
        throw new MalformedAnswer("a header line is none");
      }
      if (fields.add(line.substring(0, colon), line.substring(colon + 1).strip()) > LIMIT_FIELDS) {
        throw new MalformedAnswer("it has more than " + LIMIT_FIELDS + " header lines");
      }
    }
    return new Head(status.group(1).equals("1"), Integer.parseInt(status.group(2)), fields.build());
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\r'; c = next()) {
      if (c < 0x20 && c != '\t' || c == 0x7f) {
        throw new MalformedAnswer("its head holds a control character");
      }
      line.append((char) c);
    }
    if (next() != '\n') {
      throw new MalformedAnswer("its head holds a bare carriage return");
    }
    return line.toString();
  }

  private int next() throws IOException {
    if (left-- == 0) {
      throw new MalformedAnswer("its head is longer than " + LIMIT_BYTES + " bytes");
    }
    int c = connection.read();
    if (c < 0) {
      throw new EOFException("the connection ended before the answer's head was complete");
    }
    return c;
  }
}
