package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.EgressDenied;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/**
 * Decides which addresses one upstream's client may ask. Pure: looks nothing up and opens nothing.
 *
 * <p>An {@code http://} upstream is the consent to plain http for itself and the redirects it
 * sends; from https nothing ever leads back to http. Addresses that are not public need a range in
 * {@code LARDER_ALLOW_PRIVATE}, those of the configured upstream too.
 */
public final class EgressGuard {
  private final boolean plainHttp;
  private final List<Cidr> allowedPrivate;

  public EgressGuard(Origin upstream, List<Cidr> allowedPrivate) {
    this.plainHttp = !upstream.secure();
    this.allowedPrivate = List.copyOf(allowedPrivate);
  }

  /** The origin of {@code address}; throws {@link EgressDenied} when it may not be asked. */
  Origin origin(URI address) {
    Origin origin = Origin.of(address);
    if (!origin.secure() && !plainHttp) {
      throw new EgressDenied(
          "Tried to ask "
              + origin
              + " without encryption, but the upstream is configured with https. Configure the"
              + " upstream with http:// if plain text is wanted.");
    }
    return origin;
  }

  /** Judges a redirect's step as well: https never leads to http. */
  public Origin redirect(Origin from, URI to) {
    Origin next = Origin.of(to);
    if (from.secure() && !next.secure()) {
      throw new EgressDenied(
          "Tried to follow a redirect from "
              + from
              + " to "
              + next
              + ", but from https nothing is followed to plain http.");
    }
    return origin(to);
  }

  /**
   * All addresses a name has must be allowed, not one of them: else who answers the look-up could
   * mix an inner address under outer ones.
   */
  void addresses(Origin origin, List<InetAddress> found) {
    for (InetAddress address : found) {
      if (!allowed(address)) {
        throw new EgressDenied(
            "Tried to connect to %s, but its address %s is not public. Add a range that holds it to LARDER_ALLOW_PRIVATE if that is meant."
                .formatted(origin, address.getHostAddress()));
      }
    }
  }

  private boolean allowed(InetAddress address) {
    InetAddress end = PublicAddress.effective(address);
    return PublicAddress.isPublic(address)
        || allowedPrivate.stream().anyMatch(range -> range.contains(end));
  }
}
