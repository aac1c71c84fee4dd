package dev.larder.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings in force: valid, typed, each with where it came from. Immutable. Never prints a
 * secret.
 */
public final class Settings {
  /** Whoever owns the store decides on these, for every command that asks it. */
  private static final Set<Setting> OF_THE_STORE =
      EnumSet.of(
          Setting.SECONDARY_CACHE,
          Setting.LOCATIONS,
          Setting.HUB_UPSTREAM,
          Setting.ALLOW_PRIVATE,
          Setting.MAX_SIZE,
          Setting.MIN_FREE,
          Setting.SOURCE_LIMITS,
          Setting.REF_TTL,
          Setting.NEGATIVE_TTL,
          Setting.IMMUTABLE_TAGS,
          Setting.ACCESS_TTL,
          Setting.MAX_RATE,
          Setting.FETCH_CONNECTIONS);

  private final Map<Setting, Object> values;
  private final Map<Setting, Assigned> assigned;
  private final Roots roots;
  private final List<Location> locations;
  private final List<String> ignored;

  private Settings(
      Map<Setting, Object> values,
      Map<Setting, Assigned> assigned,
      Roots roots,
      List<Location> locations,
      List<String> ignored) {
    this.values = values;
    this.assigned = assigned;
    this.roots = roots;
    this.locations = locations;
    this.ignored = ignored;
  }

  /** Reads all sources. Throws {@link SettingsException} that names everything that is wrong. */
  public static Settings load(SettingSources sources) {
    List<String> problems = new ArrayList<>();
    Layers layers = Layers.read(sources, problems);
    Readings readings = Readings.of(layers, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    Settings settings = of(readings, Roots.of(layers, sources), layers, sources, problems);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  /** Adds to {@code problems} what cannot be used of the locations. */
  static Settings of(
      Readings readings,
      Roots roots,
      Layers layers,
      SettingSources sources,
      List<String> problems) {
    Map<Setting, Assigned> assigned = new EnumMap<>(readings.assigned());
    assigned.put(Setting.HOME, roots.rootFrom());
    assigned.put(Setting.HUB_CACHE, roots.hubCacheFrom());
    List<Location> locations =
        Locations.of(
            roots,
            roots.rootFrom(),
            readings.assignment(Setting.SECONDARY_CACHE),
            readings.assignment(Setting.LOCATIONS),
            readings.values().get(Setting.LOCATIONS) instanceof List<?> pairs ? pairs : List.of(),
            sources,
            problems);
    return new Settings(readings.values(), assigned, roots, locations, layers.ignored());
  }

  /** Root of the location {@code primary}; Larder's own files are in {@code larder} below it. */
  public Path home() {
    return roots.root();
  }

  /** Whether somebody chose it for Larder, rather than for other tools or not at all. */
  public boolean homeIsNamed() {
    Assigned from = assignment(Setting.HOME);
    return from.origin().source() != Origin.Source.DEFAULT
        && (from.name().equals(Setting.HOME.variable()) || from.name().equals(Layers.PRIMARY));
  }

  /** The Hugging Face cache directory of {@code primary}. */
  public Path hubCache() {
    return roots.hubCache();
  }

  /** Every location there is, {@code primary} first. */
  public List<Location> locations() {
    return locations;
  }

  /** What is to be set once {@code location} lies in {@code root}. */
  public List<NewPlace> toFind(Location location, Path root) {
    return NewPlace.of(location, root, assignment(Setting.HUB_CACHE), shown(Setting.LOCATIONS));
  }

  /**
   * Throws {@link SettingsException} when {@code location} could not lie in {@code root} beside the
   * others.
   */
  public void checkNewPlace(Location location, Path root) {
    Locations.check(
        locations.stream().map(each -> each.equals(location) ? each.movedTo(root) : each).toList());
  }

  /**
   * Throws {@link SettingsException} when the root and the cache directory of a location are on two
   * file systems, or two locations are one directory.
   */
  public void checkLocations() {
    locations.forEach(Roots::checkOneFileSystem);
    checkApart();
  }

  /** The same for root and cache directory of one location alone. */
  public void checkOneFileSystem(Location location) {
    Roots.checkOneFileSystem(location);
  }

  /** The same for two locations that are one directory. */
  public void checkApart() {
    Locations.check(locations);
  }

  public String host() {
    return required(Setting.HOST, String.class);
  }

  /** Not on one of them alone. */
  public boolean listensOnEveryAddress() {
    return Set.of("0.0.0.0", "::", "[::]").contains(host());
  }

  /** 0 means any free one. */
  public int port() {
    return required(Setting.PORT, Integer.class);
  }

  /** The address for clients, when one is set. */
  public Optional<URI> publicUrl() {
    return optional(Setting.PUBLIC_URL, URI.class);
  }

  /** Where {@code serve} can be asked on this machine, by host and port alone. */
  public URI localUrl() {
    return urlAt(port());
  }

  /** The same for the port that was really given, when {@link #port()} is 0. */
  public URI urlAt(int boundPort) {
    String name =
        switch (host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::", "[::]" -> "[::1]";
          default -> host().contains(":") && !host().startsWith("[") ? "[" + host() + "]" : host();
        };
    return URI.create("http://" + name + ":" + boundPort);
  }

  public URI hubUpstream() {
    return required(Setting.HUB_UPSTREAM, URI.class);
  }

  /** Whether reads of the hub that are not cached are passed on. */
  public boolean hubPassthrough() {
    return required(Setting.HUB_PASSTHROUGH, Boolean.class);
  }

  public List<Cidr> allowPrivate() {
    return list(Setting.ALLOW_PRIVATE).stream().map(Cidr.class::cast).toList();
  }

  /** Further names under which the server may be asked; {@code *} is any. */
  public List<String> hosts() {
    return list(Setting.HOSTS).stream().map(String.class::cast).toList();
  }

  /** Byte budget; empty: unlimited. */
  public Optional<Long> maxSizeBytes() {
    return optional(Setting.MAX_SIZE, Long.class);
  }

  /** Byte budget of one source; empty: that of the location alone. */
  public Optional<Long> maxSizeBytes(String source) {
    return values.get(Setting.SOURCE_LIMITS) instanceof Map<?, ?> limits
        ? Optional.ofNullable(limits.get(source)).map(Long.class::cast)
        : Optional.empty();
  }

  /** What one client may have stored anew a day; empty: unlimited. */
  public Optional<Long> maxSizePerCallerBytes() {
    return optional(Setting.MAX_SIZE_PER_CALLER, Long.class);
  }

  public long minFreeBytes() {
    return required(Setting.MIN_FREE, Long.class);
  }

  public Duration refTtl() {
    return required(Setting.REF_TTL, Duration.class);
  }

  public Duration negativeTtl() {
    return required(Setting.NEGATIVE_TTL, Duration.class);
  }

  /** Whether a tag that moved is refused. */
  public boolean immutableTags() {
    return required(Setting.IMMUTABLE_TAGS, Boolean.class);
  }

  public Duration accessTtl() {
    return required(Setting.ACCESS_TTL, Duration.class);
  }

  /** Whether repos found on disk may be served without asking upstream. */
  public boolean adoptedPublic() {
    return optional(Setting.ADOPTED, String.class).isPresent();
  }

  public boolean offline() {
    return required(Setting.OFFLINE, Boolean.class);
  }

  /** Printable ASCII. A secret: never log it. */
  public Optional<String> upstreamToken() {
    return optional(Setting.UPSTREAM_TOKEN, String.class);
  }

  /** Printable ASCII. A secret: never log it. */
  public Optional<String> adminToken() {
    return optional(Setting.ADMIN_TOKEN, String.class);
  }

  /** Bytes a second toward upstreams; empty: unlimited. */
  public Optional<Long> maxRateBytes() {
    return optional(Setting.MAX_RATE, Long.class);
  }

  /** Byte budget of loaded models; empty: half of the memory there is. */
  public Optional<Long> modelMemoryBytes() {
    return optional(Setting.MODEL_MEMORY, Long.class);
  }

  /** When the nightly scrub begins; empty: never. */
  public Optional<LocalTime> scrubAt() {
    Optional<?> at = required(Setting.SCRUB_AT, Optional.class);
    return at.map(LocalTime.class::cast);
  }

  /** Bytes a second of the nightly scrub. */
  public long scrubRateBytes() {
    return required(Setting.SCRUB_RATE, Long.class);
  }

  public int fetchConnections() {
    return required(Setting.FETCH_CONNECTIONS, Integer.class);
  }

  public Origin origin(Setting setting) {
    return assignment(setting).origin();
  }

  /** Where the value came from, in words; another variable than the setting's own is named. */
  public String place(Setting setting) {
    return assignment(setting).place(setting);
  }

  /** The value for people: what was written, the path it means, or {@code ***} for a secret. */
  public String shown(Setting setting) {
    if (setting == Setting.HOME) {
      return home().toString();
    }
    if (setting == Setting.HUB_CACHE) {
      return hubCache().toString();
    }
    return Shown.text(setting, assignment(setting).text());
  }

  /** The text that somebody wrote, not what it means; {@code ***} for a secret. */
  public String written(Setting setting) {
    return Shown.text(setting, assignment(setting).text());
  }

  /** What governs the store and its upstreams, by variable; none of it is secret. */
  public Map<String, String> ofTheStore() {
    Map<String, String> texts = new TreeMap<>();
    OF_THE_STORE.forEach(setting -> texts.put(setting.variable(), inForce(setting)));
    return texts;
  }

  private String inForce(Setting setting) {
    Object value = values.get(setting);
    return value == null ? "" : value.toString();
  }

  /** Those of the store's that somebody set here, and that are otherwise in {@code owners}. */
  public List<String> overruled(Map<String, String> owners) {
    return OF_THE_STORE.stream()
        .filter(setting -> origin(setting).source() != Origin.Source.DEFAULT)
        .filter(setting -> owners.containsKey(setting.variable()))
        .filter(setting -> !inForce(setting).equals(owners.get(setting.variable())))
        .map(setting -> setting.variable() + " (" + place(setting) + ")")
        .toList();
  }

  /** Variables that look like settings and are service links of Kubernetes, sorted. */
  public List<String> ignoredServiceLinks() {
    return ignored;
  }

  @Override
  public String toString() {
    return "Settings[" + home() + "]";
  }

  private Assigned assignment(Setting setting) {
    Assigned found = assigned.get(setting);
    if (found == null) {
      throw new IllegalStateException("every setting is assigned when they are loaded: " + setting);
    }
    return found;
  }

  private <T> T required(Setting setting, Class<T> type) {
    @Nullable Object value = values.get(setting);
    if (value == null) {
      throw new IllegalStateException("the setting has a default: " + setting);
    }
    return type.cast(value);
  }

  private <T> Optional<T> optional(Setting setting, Class<T> type) {
    return Optional.ofNullable(values.get(setting)).map(type::cast);
  }

  private List<?> list(Setting setting) {
    return values.get(setting) instanceof List<?> list ? list : List.of();
  }
}
