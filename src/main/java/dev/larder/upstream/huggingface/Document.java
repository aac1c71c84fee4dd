package dev.larder.upstream.huggingface;

import java.util.Map;
import java.util.Optional;

/**
 * The body of an API answer, at most {@link #LIMIT_BYTES}, Xet fields removed. {@code nextQuery} is
 * the query of the {@code Link: rel="next"} page where pages are not joined. {@code headers}: the
 * few that clients read, lower-case names.
 */
public record Document(
    byte[] body, String contentType, Optional<String> nextQuery, Map<String, String> headers) {
  public static final int LIMIT_BYTES = 64 << 20;

  /** One whole document as the hub words it. */
  public static Document json(byte[] body) {
    return new Document(body, "application/json; charset=utf-8", Optional.empty(), Map.of());
  }
}
