package dev.larder.testing;

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

  public Optional<String> token() {
    return header("authorization").filter(v -> v.startsWith("Bearer ")).map(v -> v.substring(7));
  }

  /** Whether it asks for the file {@code name}, at the hub or at the CDN. */
  public boolean concerns(String name) {
    return target.contains(name)
        && !target.startsWith("/api/models/")
        && !target.startsWith("/api/datasets/");
  }
}
