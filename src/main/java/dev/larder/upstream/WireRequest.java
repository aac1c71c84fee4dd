package dev.larder.upstream;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request. {@code what} says for people and logs what is asked for: never the address, which
 * may be signed. {@code headers} come beside those that the wire sends itself (Host, User-Agent,
 * Accept-Encoding: identity, Content-Length). Asking twice must do no harm: a request that met a
 * connection the peer had just given up is sent again.
 */
public record WireRequest(
    String method, URI address, Map<String, String> headers, byte @Nullable [] body, String what) {
  public WireRequest {
    headers = Map.copyOf(headers);
    headers.forEach(WireRequest::checkField);
  }

  public static WireRequest get(URI address, String what) {
    return new WireRequest("GET", address, Map.of(), null, what);
  }

  public static WireRequest head(URI address, String what) {
    return new WireRequest("HEAD", address, Map.of(), null, what);
  }

  public WireRequest with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new WireRequest(method, address, more, body, what);
  }

  /** The same question put to another address; what {@code headers} holds goes along. */
  public WireRequest at(URI other) {
    return new WireRequest(method, other, headers, body, what);
  }

  private static void checkField(String name, String value) {
    if ((name + value).chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      throw new IllegalArgumentException("a header field of a request is printable ASCII: " + name);
    }
  }

  /** Never prints the address or the headers. */
  @Override
  public String toString() {
    return method + " " + what;
  }
}
