package dev.larder.serve.huggingface;

import dev.larder.http.Header;
import java.util.ArrayList;
import java.util.List;

/** A list of headers while it is put together. */
final class Headers {
  private static final int LONGEST_VALUE = 1000;

  static final Header ANY_ORIGIN = Header.of("Access-Control-Allow-Origin", "*");
  static final Header EXPOSED =
      Header.of(
          "Access-Control-Expose-Headers",
          "ETag, Content-Range, Content-Length, Accept-Ranges, X-Repo-Commit, X-Linked-Size,"
              + " X-Linked-Etag, X-Error-Code, X-Error-Message, Link, X-Request-Id,"
              + " X-Larder-Cache");

  /** A browser takes every answer for what it is called, never for a page. */
  private static final Header NO_SNIFFING = Header.of("X-Content-Type-Options", "nosniff");

  /** For bytes whose author nobody knows, should a browser show them after all. */
  static final String NOTHING_RUNS = "default-src 'none'; sandbox";

  private final List<Header> list = new ArrayList<>(14);

  Headers() {
    list.add(ANY_ORIGIN);
    list.add(EXPOSED);
    list.add(NO_SNIFFING);
  }

  Headers add(String name, String value) {
    list.add(Header.of(name, value));
    return this;
  }

  /** Words that came from elsewhere: what is long is cut. */
  Headers addText(String name, String text) {
    return add(name, text.substring(0, Math.min(text.length(), LONGEST_VALUE)));
  }

  /** Of which nothing may be missing. */
  Headers addAddress(String name, String text) {
    return add(name, text);
  }

  List<Header> list() {
    return list;
  }

  /** {@code some} and one more. */
  static List<Header> with(List<Header> some, String name, String value) {
    List<Header> more = new ArrayList<>(some.size() + 1);
    more.addAll(some);
    more.add(Header.of(name, value));
    return more;
  }
}
