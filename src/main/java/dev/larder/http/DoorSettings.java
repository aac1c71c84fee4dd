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
 * @param maxConnections clients beyond these get 503, a few; the others are closed at once
 * @param maxRequests more that cannot be answered from memory get 503
 * @param limits how long a client may take
 * @param memoryBytes what requests may hold whole, all together
 */
public record DoorSettings(
    String host,
    int port,
    Optional<String> publicUrl,
    Set<String> hosts,
    int eventLoops,
    int maxConnections,
    int maxRequests,
    Limits limits,
    long memoryBytes) {
  private static final int MOST_CONNECTIONS = 10_000;

  /** What a connection holds whose request waits on a thread for a download: 23 KiB, and some. */
  private static final int HEAP_BYTES_EACH = 26 << 10;

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
    int connections = connections(FileDescriptors.limit(), Runtime.getRuntime().maxMemory());
    return new DoorSettings(
        host,
        port,
        Optional.empty(),
        Set.of(),
        cores,
        connections,
        connections,
        Limits.DEFAULT,
        memory(Runtime.getRuntime().maxMemory()));
  }

  /**
   * As many as there is memory for when all wait for a download. Half of the descriptors is for
   * files, upstreams and whatever libraries open.
   */
  static int connections(int descriptors, long heapBytes) {
    long most = Math.min(descriptors / 2, heapBytes / HEAP_BYTES_EACH);
    return (int) Math.min(MOST_CONNECTIONS, most);
  }

  public DoorSettings withPublicUrl(Optional<String> url) {
    return new DoorSettings(
        host, port, url, hosts, eventLoops, maxConnections, maxRequests, limits, memoryBytes);
  }

  public DoorSettings withHosts(Set<String> names) {
    return new DoorSettings(
        host, port, publicUrl, names, eventLoops, maxConnections, maxRequests, limits, memoryBytes);
  }

  public DoorSettings withMaxConnections(int count) {
    return new DoorSettings(
        host, port, publicUrl, hosts, eventLoops, count, maxRequests, limits, memoryBytes);
  }

  public DoorSettings withMaxRequests(int count) {
    return new DoorSettings(
        host, port, publicUrl, hosts, eventLoops, maxConnections, count, limits, memoryBytes);
  }

  public DoorSettings withLimits(Limits other) {
    return new DoorSettings(
        host, port, publicUrl, hosts, eventLoops, maxConnections, maxRequests, other, memoryBytes);
  }

  public DoorSettings withMemory(long bytes) {
    return new DoorSettings(
        host, port, publicUrl, hosts, eventLoops, maxConnections, maxRequests, limits, bytes);
  }

  /** An eighth of the heap: what is held whole is copied a few times on its way. */
  public static long memory(long heapBytes) {
    return heapBytes / 8;
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
