package dev.larder.upstream;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** How a body's end is known. For one thread; {@link #done()} may be asked by any. */
interface Framing {
  /** As {@link java.io.InputStream#read(byte[], int, int)}; -1 at the end. */
  int read(Connection connection, byte[] target, int offset, int length) throws IOException;

  /** Whether the body was read to its end, and the connection stands at the next answer. */
  boolean done();

  /** The length that the head declared, or -1. */
  long declaredBytes();

  /** What RFC 9112 §6.3 says, and a refusal where it would have to guess. */
  static Framing of(String method, HeadReader.Head head) throws IOException {
    Fields fields = head.fields();
    List<String> encodings = fields.all("Transfer-Encoding");
    List<String> lengths = fields.all("Content-Length").stream().distinct().toList();
    if (!encodings.isEmpty() && !lengths.isEmpty()) {
      throw new MalformedAnswer("it has both a length and a transfer encoding");
    }
    long declared = lengths.isEmpty() ? -1 : length(lengths);
    int status = head.status();
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return new LengthFraming(0);
    }
    if (encodings.isEmpty()) {
      return declared >= 0 ? new LengthFraming(declared) : new CloseFraming();
    }
    if (!head.http11() || !String.join(",", encodings).toLowerCase(Locale.ROOT).equals("chunked")) {
      throw new MalformedAnswer("it uses a transfer encoding that was not asked for");
    }
    return new ChunkedFraming();
  }

  private static long length(List<String> values) throws MalformedAnswer {
    if (values.size() > 1 || !values.getFirst().matches("[0-9]{1,18}")) {
      throw new MalformedAnswer("its length is not one number");
    }
    return Long.parseLong(values.getFirst());
  }
}
