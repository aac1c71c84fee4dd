package dev.larder.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.upstream.UpstreamException.UpstreamLied;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects by hand: at most {@link #MOST}, each target judged by the guard, never from
 * https to http. The credential goes to the home origin (scheme, host and port) and nowhere else,
 * and is dropped for good once the way has left home.
 */
public final class Redirects {
  static final int MOST = 5;

  private final Wire wire;
  private final Origin home;
  private final RateLimits limits;

  /** {@code limits} are those of home; other hosts are asked as they come. */
  public Redirects(Wire wire, Origin home, RateLimits limits) {
    this.wire = wire;
    this.home = home;
    this.limits = limits;
  }

  /** Looks at each redirect on the way, and may be content with it. */
  @FunctionalInterface
  public interface Watcher {
    Watcher NONE = (_, _, _) -> false;

    /**
     * True to stop here. {@code target} is where the redirect leads, and the guard lets it; {@code
     * leavesHome}: that is another origin than home.
     */
    boolean enough(WireResponse redirect, URI target, boolean leavesHome);
  }

  /**
   * Where the way ended. {@code allowed} is what of the credential was still allowed there: whoever
   * asks at {@code address} again asks with that. Close it.
   */
  public record Landing(WireResponse response, URI address, Credential allowed, boolean redirected)
      implements AutoCloseable {
    @Override
    public void close() {
      response.close();
    }
  }

  public Landing follow(
      WireRequest request, Credential credential, Deadline deadline, Watcher watcher) {
    URI address = request.address();
    Credential allowed = credential;
    for (int hops = 0; hops <= MOST; hops++) {
      WireResponse response = send(request.at(address), allowed, deadline);
      URI target = response.redirect() ? next(request, address, response, watcher) : null;
      if (target == null) {
        return new Landing(response, address, allowed, hops > 0);
      }
      // Whoever is not home does not choose what the credential asks for at home.
      allowed = Origin.of(target).equals(home) ? allowed : Credential.ANONYMOUS;
      address = target;
    }
    throw lied(request, home, "it redirects more than " + MOST + " times");
  }

  private WireResponse send(WireRequest request, Credential allowed, Deadline deadline) {
    boolean atHome = Origin.of(request.address()).equals(home);
    if (!atHome) {
      return elsewhere(signed(request, allowed), deadline);
    }
    limits.before(request, allowed, deadline);
    WireResponse response = wire.send(signed(request, allowed), deadline);
    limits.after(request, allowed, response);
    return response;
  }

  /** That another host is away says nothing of home. */
  private WireResponse elsewhere(WireRequest request, Deadline deadline) {
    try {
      return wire.send(request, deadline);
    } catch (UpstreamException.UpstreamUnreachable e) {
      throw e.elsewhere();
    } catch (UpstreamException.UpstreamUntrusted e) {
      throw e.elsewhere();
    }
  }

  /** Null, with the response still open, when the watcher is content with it. */
  private @Nullable URI next(
      WireRequest request, URI address, WireResponse response, Watcher watcher) {
    boolean enough = false;
    try {
      URI target = target(address, request, response);
      Origin next = wire.guard().redirect(response.origin(), target);
      enough = watcher.enough(response, target, !next.equals(home));
      if (enough) {
        return null;
      }
      checkMethod(request, response, next);
      return target;
    } finally {
      if (!enough) {
        response.close();
      }
    }
  }

  private WireRequest signed(WireRequest request, Credential credential) {
    if (!Origin.of(request.address()).equals(home)) {
      return request;
    }
    return switch (credential) {
      case Credential.Anonymous _ -> request;
      case Credential.Token(String secret) -> request.with("Authorization", "Bearer " + secret);
      case Credential.Password password ->
          request.with("Authorization", "Basic " + password.encoded());
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
    String location =
        AddressText.escaped(response.fields().find("Location").orElse(""), ISO_8859_1);
    if (location.isEmpty()) {
      throw lied(request, response.origin(), "it redirects to nowhere");
    }
    int fragment = location.indexOf('#');
    String wanted = fragment < 0 ? location : location.substring(0, fragment);
    try {
      // URI.resolve takes a lone query for a path: RFC 3986 §5.3 keeps the path.
      return wanted.startsWith("?")
          ? new URI(withoutQuery(from) + wanted)
          : from.resolve(new URI(wanted));
    } catch (URISyntaxException _) {
      throw lied(request, response.origin(), "it redirects to what is no address");
    }
  }

  private static String withoutQuery(URI address) {
    String text = address.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static UpstreamLied lied(WireRequest request, Origin origin, String reason) {
    return new UpstreamLied(
        "Tried to get %s from %s, but %s. Check the address of the upstream."
            .formatted(request.what(), origin, reason));
  }
}
