package dev.larder.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings in force: valid, typed, each with where it came from. Immutable. Never prints a
 * secret.
 */
public final class Settings {
  private final Map<Setting, Object> values;
  private final Map<Setting, Assigned> assigned;
  private final Roots roots;
  private final List<String> ignored;

  private Settings(
      Map<Setting, Object> values,
      Map<Setting, Assigned> assigned,
      Roots roots,
      List<String> ignored) {
    this.values = values;
    this.assigned = assigned;
    this.roots = roots;
    this.ignored = ignored;
  }

  /** Reads all sources. Throws {@link SettingsException} that names everything that is wrong. */
  public static Settings load(SettingSources sources) {
    List<String> problems = new ArrayList<>();
    Layers layers = Layers.read(sources, problems);
    Map<Setting, Object> values = new EnumMap<>(Setting.class);
    Map<Setting, Assigned> assigned = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      Assigned found = Value.find(setting, layers);
      assigned.put(setting, found);
      Value.parse(setting, found, problems).ifPresent(value -> values.put(setting, value));
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    Roots roots = Roots.of(layers, sources);
    assigned.put(Setting.HOME, roots.rootFrom());
    assigned.put(Setting.HUB_CACHE, roots.hubCacheFrom());
    return new Settings(values, assigned, roots, layers.ignored());
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

  /** Throws {@link SettingsException} when root and cache directory are on two file systems. */
  public void checkOneFileSystem() {
    roots.checkOneFileSystem();
  }

  public String host() {
    return required(Setting.HOST, String.class);
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

  public long minFreeBytes() {
    return required(Setting.MIN_FREE, Long.class);
  }

  public Duration refTtl() {
    return required(Setting.REF_TTL, Duration.class);
  }

  public Duration negativeTtl() {
    return required(Setting.NEGATIVE_TTL, Duration.class);
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

  /** Bytes a second toward upstreams; empty: unlimited. */
  public Optional<Long> maxRateBytes() {
    return optional(Setting.MAX_RATE, Long.class);
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
