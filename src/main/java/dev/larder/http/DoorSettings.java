package dev.larder.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How the server listens.
 *
 * @param port 0 for any free one
 * @param publicUrl the address that clients use, when it is not the one in their {@code Host}
 * @param hosts names under which the server answers beside addresses, {@code localhost}, this
 *     machine's name and the name in {@code publicUrl}; {@code *} for any
 * @param eventLoops threads that move bytes; one per core is right
 * @param maxConnections more than these are closed at once
 * @param limits how long a client may take
 */
public record DoorSettings(
    String host,
    int port,
    Optional<String> publicUrl,
    Set<String> hosts,
    int eventLoops,
    int maxConnections,
    Limits limits) {
  private static final int MOST_CONNECTIONS = 10_000;

  public DoorSettings {
    hosts = Set.copyOf(hosts);
    publicUrl = publicUrl.map(DoorSettings::withoutSlash);
  }

  /**
   * How long a client may take.
   *
   * @param head from the first byte of a request to the end of its headers
   * @param body for the whole body of a request
   * @param idle between two requests, and for a client that takes nothing of its answer
   * @param close for running answers when the server stops
   */
  public record Limits(Duration head, Duration body, Duration idle, Duration close) {
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(3));
  }

  /** Everything but the address as it should be on this machine. */
  public static DoorSettings at(String host, int port) {
    int cores = Runtime.getRuntime().availableProcessors();
    int connections = Math.min(MOST_CONNECTIONS, FileDescriptors.limit() / 2);
    return new DoorSettings(
        host, port, Optional.empty(), Set.of(), cores, connections, Limits.DEFAULT);
  }

  public DoorSettings withPublicUrl(Optional<String> url) {
    return new DoorSettings(host, port, url, hosts, eventLoops, maxConnections, limits);
  }

  public DoorSettings withHosts(Set<String> names) {
    return new DoorSettings(host, port, publicUrl, names, eventLoops, maxConnections, limits);
  }

  public DoorSettings withMaxConnections(int count) {
    return new DoorSettings(host, port, publicUrl, hosts, eventLoops, count, limits);
  }

  public DoorSettings withLimits(Limits other) {
    return new DoorSettings(host, port, publicUrl, hosts, eventLoops, maxConnections, other);
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
