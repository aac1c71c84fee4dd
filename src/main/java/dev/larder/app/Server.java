package dev.larder.app;

import dev.larder.http.Door;
import dev.larder.http.DoorSettings;
import dev.larder.http.Endpoint;
import dev.larder.mirror.Caller;
import dev.larder.models.LocalModels;
import dev.larder.serve.api.ModelEndpoint;
import dev.larder.serve.api.StatusEndpoint;
import dev.larder.serve.api.StoreEndpoint;
import dev.larder.serve.huggingface.HubEndpoint;
import dev.larder.serve.openai.OpenAiEndpoint;
import dev.larder.settings.Settings;
import dev.larder.store.StoreLock;
import dev.larder.upkeep.Scrub;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A running site cache: the rooms of a root behind a door. Closing stops accepting first, then lets
 * flights put away.
 */
final class Server implements AutoCloseable {
  private final House house;
  private final SequencedMap<String, NightWatch> watches;
  private final Door door;
  private final List<Endpoint> endpoints;
  private final URI address;

  private Server(
      House house,
      SequencedMap<String, NightWatch> watches,
      Door door,
      List<Endpoint> endpoints,
      URI address) {
    this.house = house;
    this.watches = watches;
    this.door = door;
    this.endpoints = List.copyOf(endpoints);
    this.address = address;
  }

  /** Requests are answered when this returns. {@code lock} is the caller's, before and after. */
  static Server start(Settings settings, StoreLock lock, InstantSource clock) {
    return start(settings, lock, clock, Tuning.DEFAULT);
  }

  static Server start(Settings settings, StoreLock lock, InstantSource clock, Tuning tuning) {
    House house = House.open(settings, false, clock, tuning);
    SequencedMap<String, NightWatch> watches = watches(house, settings);
    try {
      LocalModels _ = house.openModels();
      String secret = newSecret();
      List<Endpoint> endpoints = endpoints(house, settings, watches, secret);
      Door door =
          new Door(doorSettings(settings).withMemory(tuning.memoryBytes()), endpoints, clock);
      InetSocketAddress bound = door.start();
      lock.announce("http://" + reachable(bound), secret);
      house.announce("http://" + reachable(bound), secret);
      return new Server(house, watches, door, endpoints, address(settings, bound));
    } catch (RuntimeException e) {
      end(watches, house);
      throw e;
    }
  }

  /** One for each location, primary first: each disk has a budget of its own. */
  private static SequencedMap<String, NightWatch> watches(House house, Settings settings) {
    Caller site = house.caller(settings);
    SequencedMap<String, NightWatch> watches = new LinkedHashMap<>();
    for (LocationFront front : house.located().all()) {
      watches.put(front.name(), NightWatch.begin(breath -> front.scrub(settings, site, breath)));
    }
    return watches;
  }

  private static DoorSettings doorSettings(Settings settings) {
    return DoorSettings.at(settings.host(), settings.port())
        .withPublicUrl(settings.publicUrl().map(URI::toString))
        .withHosts(Set.copyOf(settings.hosts()));
  }

  private static List<Endpoint> endpoints(
      House house, Settings settings, SequencedMap<String, NightWatch> watches, String secret) {
    SequencedMap<String, Scrub> scrubs = new LinkedHashMap<>();
    watches.forEach((location, watch) -> scrubs.put(location, watch.scrub()));
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(new HubEndpoint(house.mirror(), house.access(), settings.hubPassthrough()));
    Caller site = house.caller(settings);
    endpoints.add(new OpenAiEndpoint(house.models().loaded(), site));
    for (Endpoint status : StatusEndpoint.all(() -> true)) {
      boolean api = status.prefix().equals("api");
      endpoints.add(
          api
              ? new StoreEndpoint(
                  new ServedStore(house, settings.ofTheStore(), scrubs),
                  house.access(),
                  secret,
                  models(house, site, status))
              : status);
    }
    return endpoints;
  }

  private static Endpoint models(House house, Caller site, Endpoint others) {
    LocalModels models = house.models();
    return new ModelEndpoint(models, models.loaded(), house.access(), site, others);
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

  /** All that is served. */
  List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    try {
      door.close();
    } finally {
      end(watches, house);
    }
  }

  private static void end(SequencedMap<String, NightWatch> watches, House house) {
    try (house) {
      for (NightWatch watch : watches.values()) {
        watch.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
