package dev.larder.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the bytes of a connection from request to request, by RFC 9112 without its tolerances: no
 * folded header, no line that ends in a bare LF, one length or one transfer encoding and never
 * both, no chunk extension. What stands before Larder may read such a request otherwise than the
 * decoder behind this does, and then one of them takes a body for a request. Of one event loop.
 */
final class RequestFraming {
  static final int LONGEST_LINE = 8192;
  static final int LONGEST_HEAD = 16384;
  static final int MOST_FIELDS = 100;
  private static final int MOST_EMPTY_LINES = 4;

  /** For the line that is being read; one for all connections of a loop. */
  static final int SCRATCH_BYTES = LONGEST_HEAD + 2;

  /** Why no byte from {@link #goodBytes} on may be read. */
  record Fault(int status, String why) {}

  private enum Next {
    REQUEST,
    FIELD,
    BODY,
    CHUNK,
    CHUNK_BODY,
    CHUNK_END,
    TRAILER
  }

  private final HeadRules head = new HeadRules();
  private Next next = Next.REQUEST;
  private byte @Nullable [] begun;
  private int headBytes;
  private int emptyLines;
  private long left;
  private int goodBytes;

  /** Whether a part of a head is here and its end is not. */
  boolean insideHead() {
    return next == Next.FIELD || (next == Next.REQUEST && begun != null);
  }

  /** How much of a head is here, as long as its end is not; afterwards how much it was. */
  int headBytes() {
    return headBytes + (begun == null ? 0 : begun.length);
  }

  /** Whether the request whose head came last has a body that is not complete. */
  boolean insideBody() {
    return next != Next.FIELD && next != Next.REQUEST;
  }

  /** How many of the bytes followed last belong to requests that are whole and right. */
  int goodBytes() {
    return goodBytes;
  }

  /** Reads nothing away. After a fault there is nothing more to follow. */
  @Nullable Fault follow(ByteBuf bytes, byte[] scratch) {
    int start = bytes.readerIndex();
    int end = bytes.writerIndex();
    int at = start;
    goodBytes = 0;
    while (at < end) {
      if (next == Next.BODY || next == Next.CHUNK_BODY) {
        at = skipBody(at, end);
      } else {
        int lineFeed = bytes.indexOf(at, end, (byte) '\n');
        Fault fault =
            lineFeed < 0 ? keep(bytes, at, end) : line(bytes, at, lineFeed + 1 - at, scratch);
        if (fault != null) {
          return fault;
        }
        at = lineFeed < 0 ? end : lineFeed + 1;
      }
      if (next == Next.REQUEST && begun == null) {
        goodBytes = at - start;
      }
    }
    return null;
  }

  private int skipBody(int at, int end) {
    int skipped = (int) Math.min(left, end - at);
    left -= skipped;
    if (left == 0) {
      next = next == Next.BODY ? Next.REQUEST : Next.CHUNK_END;
    }
    return at + skipped;
  }

  /** A line whose end is not here yet. */
  private @Nullable Fault keep(ByteBuf bytes, int at, int end) {
    byte[] old = begun == null ? new byte[0] : begun;
    Fault fault = tooLong(old.length + end - at);
    if (fault == null && old.length == 0 && next == Next.REQUEST) {
      fault = beginning(bytes.getByte(at));
    }
    if (fault != null) {
      return fault;
    }
    byte[] more = new byte[old.length + end - at];
    System.arraycopy(old, 0, more, 0, old.length);
    bytes.getBytes(at, more, old.length, end - at);
    begun = more;
    return null;
  }

  /** {@code count} bytes from {@code at} on end a line. */
  private @Nullable Fault line(ByteBuf bytes, int at, int count, byte[] scratch) {
    int before = begun == null ? 0 : begun.length;
    Fault fault = tooLong(before + count);
    if (fault != null) {
      return fault;
    }
    if (begun != null) {
      System.arraycopy(begun, 0, scratch, 0, before);
      begun = null;
    }
    bytes.getBytes(at, scratch, before, count);
    int length = before + count;
    if (next == Next.REQUEST && before == 0) {
      fault = beginning(scratch[0]);
    }
    return fault != null ? fault : lineOf(scratch, length);
  }

  private @Nullable Fault tooLong(int lineBytes) {
    return switch (next) {
      case REQUEST ->
          lineBytes > LONGEST_LINE + 2
              ? new Fault(414, "The request's first line is longer than 8 KiB.")
              : null;
      case FIELD, TRAILER ->
          headBytes + lineBytes > LONGEST_HEAD + 2
              ? new Fault(431, "The request's headers are longer than 16 KiB.")
              : null;
      default ->
          lineBytes > HeadRules.LONGEST_CHUNK_LINE
              ? new Fault(400, "A chunk of the request's body does not begin with its length.")
              : null;
    };
  }

  private static @Nullable Fault beginning(byte first) {
    boolean like =
        (first >= 'A' && first <= 'Z')
            || (first >= 'a' && first <= 'z')
            || first == '\r'
            || first == '\n';
    return like
        ? null
        : new Fault(400, "This is an HTTP port and what came is not HTTP (TLS, perhaps?).");
  }

  private @Nullable Fault lineOf(byte[] line, int length) {
    String wrong = HeadRules.lineFault(line, length);
    if (wrong != null) {
      return new Fault(400, wrong);
    }
    int text = length - 2;
    return switch (next) {
      case REQUEST -> request(line, text);
      case FIELD, TRAILER -> field(line, text);
      case CHUNK -> chunk(line, text);
      case CHUNK_END -> {
        next = Next.CHUNK;
        yield text == 0 ? null : new Fault(400, "A chunk does not end where it says.");
      }
      case BODY, CHUNK_BODY -> throw new IllegalStateException("a body has no lines");
    };
  }

  private @Nullable Fault request(byte[] line, int text) {
    if (text == 0) {
      // RFC 9112 §2.2: a few empty lines before a request are skipped.
      return ++emptyLines > MOST_EMPTY_LINES ? new Fault(400, "A request is not empty.") : null;
    }
    emptyLines = 0;
    headBytes = 0;
    next = Next.FIELD;
    return head.begin(line, text);
  }

  private @Nullable Fault field(byte[] line, int text) {
    headBytes += text + 2;
    if (text > 0) {
      return head.field(line, text);
    }
    if (next == Next.TRAILER) {
      next = Next.REQUEST;
      return null;
    }
    Fault fault = head.end();
    if (head.chunked()) {
      next = Next.CHUNK;
    } else {
      left = head.bodyBytes();
      next = left > 0 ? Next.BODY : Next.REQUEST;
    }
    return fault;
  }

  private @Nullable Fault chunk(byte[] line, int text) {
    left = HeadRules.hexadecimal(line, text);
    if (left < 0) {
      return new Fault(400, "A chunk of the request's body does not begin with its length alone.");
    }
    next = left == 0 ? Next.TRAILER : Next.CHUNK_BODY;
    headBytes = 0;
    return null;
  }
}
