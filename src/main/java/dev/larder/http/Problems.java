package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every failure is in HTTP: one row for each {@link LarderException#code()}, and the plain
 * form of an error body. RFC 9457.
 */
public final class Problems {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int UNFORESEEN = 500;

  /** Clients of the hub sleep as long as they are told, so they are never told much. */
  private static final long LONGEST_RETRY_SECONDS = 5;

  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          // A client's mistake.
          Map.entry("bad-name", 400),
          Map.entry("bad-request", 400),
          Map.entry("bad-usage", 400),
          Map.entry("bad-parameter", 400),
          Map.entry("model-bad-input", 400),
          Map.entry("bad-credentials", 401),
          Map.entry("not-allowed", 403),
          Map.entry("no-such-path", 404),
          Map.entry("not-found", 404),
          Map.entry("no-such-token", 404),
          Map.entry("no-such-grant", 404),
          Map.entry("no-such-pin", 404),
          Map.entry("no-such-location", 404),
          Map.entry("model-not-registered", 404),
          Map.entry("model-not-found", 404),
          Map.entry("wrong-method", 405),
          Map.entry("body-too-slow", 408),
          Map.entry("model-exists", 409),
          Map.entry("token-exists", 409),
          Map.entry("pin-limit", 409),
          Map.entry("repo-identity-changed", 409),
          Map.entry("tag-moved", 409),
          Map.entry("already-there", 409),
          Map.entry("archive-too-large", 413),
          Map.entry("location-absent", 409),
          Map.entry("location-moved", 409),
          Map.entry("body-too-large", 413),
          Map.entry("misdirected", 421),
          Map.entry("archive-refused", 422),
          Map.entry("nothing-to-import", 422),
          Map.entry("unknown-engine", 422),
          Map.entry("model-nothing-usable", 422),
          Map.entry("model-unsafe-format", 422),
          Map.entry("model-broken", 422),
          Map.entry("too-many-guesses", 429),
          // Clients of the hub ask again after 429, also when they want bytes; not after 503.
          Map.entry("too-many-questions", 429),
          Map.entry("client-gone", 499),
          Map.entry("overloaded", 503),
          Map.entry("memory-short", 503),
          // The upstream. Never 404: clients remember that a file is not there.
          Map.entry("egress-denied", 502),
          Map.entry("upstream-untrusted", 502),
          Map.entry("upstream-refused", 502),
          Map.entry("upstream-lied", 502),
          Map.entry("content-mismatch", 502),
          Map.entry("blob-mismatch", 502),
          Map.entry("upstream-unreachable", 503),
          Map.entry("upstream-busy", 503),
          Map.entry("upstream-throttles", 503),
          Map.entry("cooling-down", 503),
          Map.entry("still-hashing", 503),
          Map.entry("rights-unknown", 503),
          Map.entry("blob-rewritten", 503),
          Map.entry("model-rewritten", 503),
          Map.entry("too-many-passing", 503),
          Map.entry("interrupted", 503),
          Map.entry("upstream-timeout", 504),
          // RFC 9111 §5.2.1.7: what is not stored and may not be fetched is a 504.
          Map.entry("offline-miss", 504),
          // This machine.
          Map.entry("no-access-key", 500),
          Map.entry("store-io", 500),
          Map.entry("archive-io", 500),
          Map.entry("catalog-io", 500),
          Map.entry("hub-tree-io", 500),
          Map.entry("unexpected", UNFORESEEN),
          Map.entry("store-busy", 503),
          Map.entry("store-full", 507),
          Map.entry("model-load-failed", 500),
          Map.entry("model-memory-full", 503),
          Map.entry("model-still-loading", 503),
          Map.entry("models-closed", 503),
          Map.entry("model-too-big", 507),
          // Failures of a start, which no request meets.
          Map.entry("models-need-server", 500),
          Map.entry("port-in-use", 500),
          Map.entry("cannot-listen", 500),
          Map.entry("too-few-descriptors", 500));

  private Problems() {}

  /** The status of an answer to a request that failed so. */
  public static int status(LarderException failure) {
    return STATUS.getOrDefault(failure.code(), UNFORESEEN);
  }

  /** All codes that have a row. */
  static Set<String> codes() {
    return STATUS.keySet();
  }

  /** Whole seconds for {@code Retry-After}, where waiting helps. */
  public static Optional<String> retryAfter(LarderException failure) {
    return switch (failure.retry()) {
      case Retry.After(Duration delay) -> Optional.of(Long.toString(seconds(delay)));
      case Retry.Now _, Retry.Never _ -> Optional.empty();
    };
  }

  /** An answer in the form of RFC 9457. */
  public static Reply problem(LarderException failure, int status, String requestId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", Statuses.phrase(status));
    body.put("status", status);
    body.put("detail", failure.explanation());
    body.put("code", failure.code());
    List<Header> headers = new ArrayList<>();
    headers.add(Header.of("Content-Type", "application/problem+json"));
    headers.add(Header.of("X-Request-Id", requestId));
    allowed(failure).ifPresent(headers::add);
    retryAfter(failure).ifPresent(delay -> headers.add(Header.of("Retry-After", delay)));
    return new Reply.Bytes(status, headers, JSON.writeValueAsBytes(body));
  }

  /** What RFC 9110 §15.5.6 demands of a 405. */
  public static Optional<Header> allowed(LarderException failure) {
    return failure instanceof HttpException.WrongMethod wrong
        ? Optional.of(Header.of("Allow", wrong.allowed()))
        : Optional.empty();
  }

  private static long seconds(Duration delay) {
    return Math.clamp(delay.plusMillis(999).toSeconds(), 1, LONGEST_RETRY_SECONDS);
  }
}
