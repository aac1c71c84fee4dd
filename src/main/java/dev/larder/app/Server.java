package dev.larder.app;

import dev.larder.http.Door;
import dev.larder.http.DoorSettings;
import dev.larder.http.Endpoint;
import dev.larder.serve.api.StatusEndpoint;
import dev.larder.serve.api.StoreEndpoint;
import dev.larder.serve.huggingface.HubEndpoint;
import dev.larder.settings.Settings;
import dev.larder.store.StoreLock;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A running site cache: the rooms of a root behind a door. Closing stops accepting first, then lets
 * flights put away.
 */
final class Server implements AutoCloseable {
  private final House house;
  private final Door door;
  private final URI address;

  private Server(House house, Door door, URI address) {
    this.house = house;
    this.door = door;
    this.address = address;
  }

  /** Requests are answered when this returns. {@code lock} is the caller's, before and after. */
  static Server start(Settings settings, StoreLock lock, InstantSource clock) {
    return start(settings, lock, clock, Tuning.DEFAULT);
  }

  static Server start(Settings settings, StoreLock lock, InstantSource clock, Tuning tuning) {
    House house = House.open(settings, false, clock, tuning);
    try {
      String secret = newSecret();
      Door door = new Door(doorSettings(settings), endpoints(house, secret), clock);
      InetSocketAddress bound = door.start();
      lock.announce("http://" + reachable(bound), secret);
      return new Server(house, door, address(settings, bound));
    } catch (RuntimeException e) {
      house.close();
      throw e;
    }
  }

  private static DoorSettings doorSettings(Settings settings) {
    return DoorSettings.at(settings.host(), settings.port())
        .withPublicUrl(settings.publicUrl().map(URI::toString))
        .withHosts(Set.copyOf(settings.hosts()));
  }

  private static List<Endpoint> endpoints(House house, String secret) {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(new HubEndpoint(house.mirror()));
    for (Endpoint status : StatusEndpoint.all(() -> true)) {
      boolean api = status.prefix().equals("api");
      endpoints.add(api ? new StoreEndpoint(new ServedStore(house), secret, status) : status);
    }
    return endpoints;
  }

  private static String newSecret() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** How this machine reaches the door: a server on all addresses is on loopback too. */
  private static String reachable(InetSocketAddress bound) {
    String host =
        bound.getAddress().isAnyLocalAddress() ? "127.0.0.1" : bound.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
  }

  private static URI address(Settings settings, InetSocketAddress bound) {
    return settings.publicUrl().orElseGet(() -> URI.create("http://" + reachable(bound)));
  }

  /** The address for clients. */
  URI address() {
    return address;
  }

  House house() {
    return house;
  }

  @Override
  public void close() {
    try {
      door.close();
    } finally {
      house.close();
    }
  }
}
