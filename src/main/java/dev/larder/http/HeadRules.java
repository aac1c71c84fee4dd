package dev.larder.http;

import dev.larder.http.RequestFraming.Fault;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the lines of one request's head may be, and how long a body they announce. */
final class HeadRules {
  static final int LONGEST_CHUNK_LINE = 32;
  private static final int MOST_HEXADECIMAL = 8;
  private static final int MOST_DIGITS = 18;
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final byte[] LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = " HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private boolean http11;
  private int fields;
  private int lengths;
  private int encodings;
  private long bodyBytes;

  /** Why {@code line}, which ends in LF, is none; null when it is one. */
  static @Nullable String lineFault(byte[] line, int length) {
    if (length < 2 || line[length - 2] != '\r') {
      return "A line of the request does not end in CR LF.";
    }
    for (int i = 0; i < length - 2; i++) {
      if ((line[i] >= 0 && line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f) {
        return "The request's head holds a control character.";
      }
    }
    return null;
  }

  /** Begins anew with a request's first line. */
  @Nullable Fault begin(byte[] line, int text) {
    fields = 0;
    lengths = 0;
    encodings = 0;
    bodyBytes = 0;
    int version = text - VERSION.length - 1;
    int blank = indexOf(line, 0, text, ' ');
    boolean asked = blank > 0 && blank < version && indexOf(line, blank + 1, text, ' ') == version;
    if (!asked || indexOf(line, 0, text, '\t') >= 0 || !isToken(line, 0, blank)) {
      return new Fault(400, "The request's first line is not METHOD TARGET HTTP/1.1.");
    }
    byte minor = line[text - 1];
    http11 = minor == '1';
    boolean spoken = is(line, version, text - 1, VERSION) && (http11 || minor == '0');
    return spoken ? null : new Fault(505, "Larder speaks HTTP/1.1 and HTTP/1.0 here.");
  }

  @Nullable Fault field(byte[] line, int text) {
    if (++fields > RequestFraming.MOST_FIELDS) {
      return new Fault(431, "The request has more than 100 headers.");
    }
    int colon = indexOf(line, 0, text, ':');
    if (colon <= 0 || !isToken(line, 0, colon)) {
      return new Fault(400, "A line of the request is no header, or folded.");
    }
    if (isIgnoringCase(line, 0, colon, LENGTH)) {
      lengths++;
      bodyBytes = decimal(line, first(line, colon + 1, text), last(line, text));
    } else if (isIgnoringCase(line, 0, colon, ENCODING)) {
      encodings++;
      if (!isIgnoringCase(line, first(line, colon + 1, text), last(line, text), CHUNKED)) {
        return new Fault(400, "The only Transfer-Encoding of a request is chunked.");
      }
    }
    return null;
  }

  /** Whether the whole head says one thing about the body. */
  @Nullable Fault end() {
    if (lengths + encodings > 1 || bodyBytes < 0) {
      return new Fault(400, "A request has one Content-Length or one Transfer-Encoding.");
    }
    return encodings > 0 && !http11
        ? new Fault(400, "A request of HTTP/1.0 has no Transfer-Encoding.")
        : null;
  }

  boolean chunked() {
    return encodings > 0;
  }

  long bodyBytes() {
    return bodyBytes;
  }

  /** -1 when it is none. */
  static long hexadecimal(byte[] line, int text) {
    if (text == 0 || text > MOST_HEXADECIMAL) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text; i++) {
      int digit = Character.digit(line[i] < 0 ? 'x' : (char) line[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** -1 when it is none. */
  private static long decimal(byte[] line, int from, int to) {
    if (from >= to || to - from > MOST_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return -1;
      }
      value = value * 10 + line[i] - '0';
    }
    return value;
  }

  private static int first(byte[] line, int from, int to) {
    int at = from;
    while (at < to && (line[at] == ' ' || line[at] == '\t')) {
      at++;
    }
    return at;
  }

  private static int last(byte[] line, int to) {
    int at = to;
    while (at > 0 && (line[at - 1] == ' ' || line[at - 1] == '\t')) {
      at--;
    }
    return at;
  }

  private static int indexOf(byte[] line, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** RFC 9110 §5.6.2. */
  private static boolean isToken(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      int c = line[i];
      boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!word && (c <= 0x20 || TOKEN_MARKS.indexOf(c) < 0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean is(byte[] line, int from, int to, byte[] wanted) {
    if (to - from != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (line[from + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIgnoringCase(byte[] line, int from, int to, byte[] wanted) {
    if (to - from != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      byte c = line[from + i];
      if ((c >= 'A' && c <= 'Z' ? c + 0x20 : c) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
