package dev.larder.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A request as a {@link FakeHub} got it. {@code target} is raw, query included; header names are in
 * lower case.
 */
public record HubRequest(
    Server server, String method, String target, Map<String, String> headers, byte[] body) {
  /** Which of the two hosts was asked. */
  public enum Server {
    HUB,
    CDN
  }

  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  public String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  public Optional<String> range() {
    return header("range");
  }

  public boolean authorized() {
    return headers.containsKey("authorization");
  }

  /** A bearer token, or the password that git shows. */
  public Optional<String> token() {
    return header("authorization")
        .map(
            shown ->
                shown.startsWith("Basic ")
                    ? new String(Base64.getDecoder().decode(shown.substring(6)), US_ASCII)
                        .split(":", 2)[1]
                    : shown.replaceFirst("^Bearer ", ""));
  }

  /** Whether it is a question of its own, and not the way that an answer of the hub led to. */
  public boolean isFirst() {
    return server == Server.HUB && !target.startsWith("/api/resolve-cache/");
  }

  /** Whether it asks for the file {@code name}, at the hub or at the CDN. */
  public boolean concerns(String name) {
    boolean api = target.startsWith("/api/") && !target.startsWith("/api/resolve-cache/");
    return !api && target.contains(name);
  }
}
