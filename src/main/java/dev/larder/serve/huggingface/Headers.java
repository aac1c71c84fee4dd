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

  private final List<Header> list = new ArrayList<>(14);

  Headers() {
    list.add(ANY_ORIGIN);
    list.add(EXPOSED);
  }

  Headers add(String name, String value) {
    list.add(Header.of(name, value));
    return this;
  }

  /** Words that came from elsewhere: what a header cannot hold becomes a {@code ?}. */
  Headers addText(String name, String text) {
    return addText(name, text, LONGEST_VALUE);
  }

  /** Of which nothing may be missing. */
  Headers addAddress(String name, String text) {
    return addText(name, text, Integer.MAX_VALUE);
  }

  private Headers addText(String name, String text, int longest) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      out.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
    return add(name, out.toString());
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
