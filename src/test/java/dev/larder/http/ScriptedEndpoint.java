package dev.larder.http;

import dev.larder.content.LarderException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers what a test tells it to, by path. */
final class ScriptedEndpoint implements Endpoint {
  /** Of a file that nobody changes. */
  static final Reply.FileCheck SOUND =
      new Reply.FileCheck() {
        @Override
        public boolean atOnce() {
          return true;
        }

        @Override
        public boolean thoroughly() {
          return true;
        }
      };

  private final String prefix;
  final Map<String, Function<Request, Reply>> peeked = new ConcurrentHashMap<>();
  final Map<String, Function<Request, Reply>> answered = new ConcurrentHashMap<>();

  ScriptedEndpoint(String prefix) {
    this.prefix = prefix;
  }

  static Reply text(int status, String body) {
    return new Reply.Bytes(
        status,
        List.of(Header.of("Content-Type", "text/plain")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public @Nullable Reply peek(Request request) {
    var made = peeked.get(request.rawPath());
    return made == null ? null : made.apply(request);
  }

  @Override
  public Reply answer(Request request) {
    var made = answered.get(request.rawPath());
    return made == null ? text(404, "nothing here") : made.apply(request);
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return text(status, failure.code() + ": " + failure.explanation());
  }
}
