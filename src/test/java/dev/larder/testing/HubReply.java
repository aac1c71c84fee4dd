package dev.larder.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a {@link FakeHub} is about to answer; faults change it before and while it is sent. */
final class HubReply {
  /** One header line; a reply may hold several of a name. */
  record Line(String name, String value) {}

  int status;
  final List<Line> lines = new ArrayList<>();
  FakeContent content;
  long from;
  long to;

  /** Whether the body is bytes of a file, which are counted. */
  boolean file;

  /** The length that is declared; -1 declares none and closes at the end. */
  long declared;

  HubReply(int status, FakeContent content) {
    this.status = status;
    this.content = content;
    this.to = content.size();
    this.declared = to;
  }

  static HubReply text(int status, String type, String text) {
    return new HubReply(status, FakeContent.of(text.getBytes(StandardCharsets.UTF_8)))
        .with("Content-Type", type);
  }

  static HubReply json(String json) {
    return text(200, "application/json; charset=utf-8", json);
  }

  HubReply with(String name, String value) {
    lines.add(new Line(name, value));
    return this;
  }

  HubReply set(String name, String value) {
    without(name);
    return with(name, value);
  }

  HubReply without(String name) {
    lines.removeIf(line -> line.name().equalsIgnoreCase(name));
    return this;
  }

  /** Bytes of a file, the part that {@code range} asks for. */
  static HubReply file(FakeContent content, String etag, HubRequest request) {
    HubReply reply = new HubReply(200, content);
    reply.file = true;
    reply.with("ETag", '"' + etag + '"').with("Accept-Ranges", "bytes");
    String range = request.header("range").orElse("");
    boolean same = request.header("if-range").map(tag -> tag.equals('"' + etag + '"')).orElse(true);
    if (range.startsWith("bytes=") && same) {
      reply.part(range.substring(6));
    }
    return reply;
  }

  private void part(String range) {
    long size = content.size();
    int dash = range.indexOf('-');
    String first = range.substring(0, dash);
    String last = range.substring(dash + 1);
    from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
    to = first.isEmpty() || last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
    if (from >= to) {
      status = 416;
      with("Content-Range", "bytes */" + size);
      content = FakeContent.of(new byte[0]);
      from = 0;
      to = 0;
    } else {
      status = 206;
      with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    }
    declared = to - from;
  }
}
