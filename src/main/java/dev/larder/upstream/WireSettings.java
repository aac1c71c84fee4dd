package dev.larder.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How patient the wire is.
 *
 * @param connectTimeout for one address, look-up and TLS handshake not included
 * @param openTimeout from the request for a body to its response's head, redirects included
 * @param stallTimeout for a single wait for bytes
 * @param idleTimeout how long a connection is kept for the next request
 * @param minimumRate below which a body is given up
 * @param retryPause about so long before a question is asked for the second time; it doubles
 * @param userAgent how Larder introduces itself
 */
public record WireSettings(
    Duration connectTimeout,
    Duration openTimeout,
    Duration stallTimeout,
    Duration idleTimeout,
    MinimumRate minimumRate,
    Duration retryPause,
    String userAgent) {

  /** A body that brings less than this, averaged over {@code window} of waiting, is given up. */
  public record MinimumRate(long bytesPerSecond, Duration window) {}

  public static final WireSettings DEFAULT =
      new WireSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          new MinimumRate(1024, Duration.ofSeconds(30)),
          Duration.ofMillis(200),
          "larder/" + version());

  public WireSettings withStallTimeout(Duration timeout) {
    return new WireSettings(
        connectTimeout, openTimeout, timeout, idleTimeout, minimumRate, retryPause, userAgent);
  }

  public WireSettings withOpenTimeout(Duration timeout) {
    return new WireSettings(
        connectTimeout, timeout, stallTimeout, idleTimeout, minimumRate, retryPause, userAgent);
  }

  public WireSettings withMinimumRate(MinimumRate rate) {
    return new WireSettings(
        connectTimeout, openTimeout, stallTimeout, idleTimeout, rate, retryPause, userAgent);
  }

  public WireSettings withRetryPause(Duration pause) {
    return new WireSettings(
        connectTimeout, openTimeout, stallTimeout, idleTimeout, minimumRate, pause, userAgent);
  }

  private static String version() {
    @Nullable String version = WireSettings.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
