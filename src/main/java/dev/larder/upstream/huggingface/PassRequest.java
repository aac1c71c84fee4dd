package dev.larder.upstream.huggingface;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A read that is put to the hub as it came. {@code path} begins with a slash and, like {@code
 * query}, is percent-encoded; {@code headers} are those of the client that say what it wants, never
 * who it is. {@code body}: of a question that is a POST, as git's are. {@code git}: a token is
 * shown as git shows it.
 */
public record PassRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte @Nullable [] body,
    boolean git) {
  public PassRequest {
    headers = Map.copyOf(headers);
  }
}
