package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.UpstreamLied;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/**
 * Follows redirects by hand: at most {@link #MOST}, each target judged by the guard, never from
 * https to http. The credential goes to the home origin (scheme, host and port) and nowhere else.
 */
public final class Redirects {
  static final int MOST = 5;

  private final Wire wire;
  private final Origin home;

  public Redirects(Wire wire, Origin home) {
    this.wire = wire;
    this.home = home;
  }

  /** Looks at each redirect on the way, and may be content with it. */
  @FunctionalInterface
  public interface Watcher {
    Watcher NONE = (_, _) -> false;

    /** True to stop here. {@code leavesHome}: the redirect leads to another origin than home. */
    boolean enough(WireResponse redirect, boolean leavesHome);
  }

  /** Where the way ended. Close it. */
  public record Landing(WireResponse response, URI address, boolean redirected)
      implements AutoCloseable {
    @Override
    public void close() {
      response.close();
    }
  }

  public Landing follow(
      WireRequest request, Credential credential, Deadline deadline, Watcher watcher) {
    URI address = request.address();
    for (int hops = 0; hops <= MOST; hops++) {
      WireResponse response = wire.send(allowed(request.at(address), credential), deadline);
      if (!response.redirect()) {
        return new Landing(response, address, hops > 0);
      }
      boolean kept = false;
      try {
        URI target = target(address, request, response);
        Origin next = wire.guard().redirect(response.origin(), target);
        if (watcher.enough(response, !next.equals(home))) {
          kept = true;
          return new Landing(response, address, hops > 0);
        }
        checkMethod(request, response, next);
        address = target;
      } finally {
        if (!kept) {
          response.close();
        }
      }
    }
    throw lied(request, home, "it redirects more than " + MOST + " times");
  }

  private WireRequest allowed(WireRequest request, Credential credential) {
    return switch (credential) {
      case Credential.Anonymous _ -> request;
      case Credential.Token(String secret) ->
          Origin.of(request.address()).equals(home)
              ? request.with("Authorization", "Bearer " + secret)
              : request;
    };
  }

  /** A question with a body is put again only to the same origin, and only as it was. */
  private void checkMethod(WireRequest request, WireResponse response, Origin next) {
    boolean asItWas = response.status() == 307 || response.status() == 308;
    if (request.body() != null && !(asItWas && next.equals(home))) {
      throw lied(request, response.origin(), "it redirects a question with a body elsewhere");
    }
  }

  private static URI target(URI from, WireRequest request, WireResponse response) {
    String location = response.fields().find("Location").orElse("");
    try {
      URI target = new URI(escaped(location));
      URI found =
          location.startsWith("?")
              ? new URI(withoutQuery(from) + escaped(location))
              : from.resolve(target);
      String text = found.toString();
      int fragment = text.indexOf('#');
      if (location.isEmpty()) {
        throw lied(request, response.origin(), "it redirects to nowhere");
      }
      return fragment < 0 ? found : new URI(text.substring(0, fragment));
    } catch (URISyntaxException _) {
      throw lied(request, response.origin(), "it redirects to what is no address");
    }
  }

  private static String withoutQuery(URI address) {
    String text = address.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  /** Characters that servers leave as they are and {@link URI} does not take. */
  private static String escaped(String location) {
    StringBuilder out = new StringBuilder();
    for (byte b : location.getBytes(StandardCharsets.ISO_8859_1)) {
      int c = b & 0xff;
      if (c <= 0x20 || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
        out.append('%').append(java.util.HexFormat.of().withUpperCase().toHexDigits(b));
      } else {
        out.append((char) c);
      }
    }
    return out.toString();
  }

  private static UpstreamLied lied(WireRequest request, Origin origin, String reason) {
    return new UpstreamLied(
        "Tried to get %s from %s, but %s. Check the address of the upstream."
            .formatted(request.what(), origin, reason));
  }
}
