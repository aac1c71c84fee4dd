package dev.larder.serve.openai;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.http.Header;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A failure as OpenAI words it: {@code {"error":{"message","type","param","code"}}}. */
final class ErrorBody {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ErrorBody() {}

  static Reply of(LarderException failure, int status, String requestId) {
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", failure.explanation());
    error.put("type", type(status));
    error.put("param", parameter(failure));
    error.put("code", failure.code().replace('-', '_'));
    List<Header> headers = new ArrayList<>();
    headers.add(Header.of("Content-Type", "application/json"));
    headers.add(Header.of("Cache-Control", "no-store"));
    headers.add(Header.of("X-Request-Id", requestId));
    Problems.allowed(failure).ifPresent(headers::add);
    Problems.retryAfter(failure).ifPresent(delay -> headers.add(Header.of("Retry-After", delay)));
    if (failure.retry() instanceof Retry.Never) {
      // openai-node, src/client.ts, shouldRetry: else every 5xx is asked for again, twice.
      headers.add(Header.of("X-Should-Retry", "false"));
    }
    return new Reply.Bytes(status, headers, JSON.writeValueAsBytes(Map.of("error", error)));
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  private static @Nullable String parameter(LarderException failure) {
    return switch (failure) {
      case BadParameter bad -> bad.parameter().isEmpty() ? null : bad.parameter();
      default ->
          switch (failure.code()) {
            case "model-not-found", "model-not-registered" -> "model";
            case "model-bad-input" -> "input";
            default -> null;
          };
    };
  }
}
