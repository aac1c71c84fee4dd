package dev.larder.serve.api;

import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.Header;
import dev.larder.http.HttpException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}: the process is alive. {@code /readyz}: it can answer. {@code /api/health}: the
 * same as JSON.
 */
public final class StatusEndpoint implements Endpoint {
  private static final Set<String> PATHS = Set.of("/healthz", "/readyz", "/api/health");
  private static final Header FRESH = Header.of("Cache-Control", "no-store");

  private final String prefix;
  private final BooleanSupplier ready;

  private StatusEndpoint(String prefix, BooleanSupplier ready) {
    this.prefix = prefix;
    this.ready = ready;
  }

  /** One for each first segment. {@code ready} must not block. */
  public static List<Endpoint> all(BooleanSupplier ready) {
    return List.of(
        new StatusEndpoint("healthz", ready),
        new StatusEndpoint("readyz", ready),
        new StatusEndpoint("api", ready));
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public boolean vital() {
    return true;
  }

  @Override
  public @Nullable Reply peek(Request request) {
    boolean read = request.method().equals("GET") || request.method().equals("HEAD");
    if (!read && PATHS.contains(request.rawPath())) {
      return refused(request, new HttpException.WrongMethod(request.method(), "GET, HEAD"));
    }
    return switch (request.rawPath()) {
      case "/healthz" -> text(200, "ok\n");
      case "/readyz" -> ready.getAsBoolean() ? text(200, "ready\n") : text(503, "not ready\n");
      case "/api/health" -> json("{\"status\":\"ok\"}");
      default -> unknown(request);
    };
  }

  @Override
  public Reply answer(Request request) {
    Reply reply = peek(request);
    return reply == null ? unknown(request) : reply;
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return Problems.problem(failure, status, request.id());
  }

  private static Reply unknown(Request request) {
    return refused(
        request, new HttpException.NoSuchPath("The API has no such path, or not for this method."));
  }

  private static Reply refused(Request request, HttpException failure) {
    return Problems.problem(failure, Problems.status(failure), request.id());
  }

  private static Reply text(int status, String body) {
    return bytes(status, "text/plain; charset=utf-8", body);
  }

  private static Reply json(String body) {
    return bytes(200, "application/json", body);
  }

  private static Reply bytes(int status, String type, String body) {
    return new Reply.Bytes(
        status,
        List.of(Header.of("Content-Type", type), FRESH),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
