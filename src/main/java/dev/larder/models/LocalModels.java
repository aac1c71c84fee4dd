package dev.larder.models;

import dev.larder.catalog.ModelRows;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoKind;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.RegisteredModel.InMemory;
import dev.larder.resident.Engines;
import dev.larder.resident.ResidentEntry;
import dev.larder.resident.ResidentSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this process. A server has some in memory; a command that works alone has none, and
 * what would need it throws {@link ModelsException.NoServer}. Closing waits for those in use for as
 * long as the settings of memory say.
 */
public final class LocalModels implements Models, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);

  /** As long as a large model may take to be brought here. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final ModelPlaces places;
  private final Registry registry;
  private final Gathering gathering;
  private final @Nullable ModelMemory memory;

  private LocalModels(
      ModelPlaces places,
      ModelRows rows,
      Engines engines,
      InstantSource clock,
      Optional<ResidentSettings> settings,
      Duration longestWait) {
    this.places = places;
    this.registry = new Registry(rows, clock);
    this.gathering = new Gathering(places, engines, registry);
    this.memory =
        settings
            .map(each -> new ModelMemory(registry, gathering, each, clock, longestWait))
            .orElse(null);
  }

  /** Those of a server. A request waits 10 minutes for a model that is being brought here. */
  public static LocalModels open(
      ModelPlaces places,
      ModelRows rows,
      Engines engines,
      ResidentSettings settings,
      InstantSource clock) {
    return open(places, rows, engines, settings, clock, LONGEST_WAIT);
  }

  /** As above, with another time that a request waits. */
  public static LocalModels open(
      ModelPlaces places,
      ModelRows rows,
      Engines engines,
      ResidentSettings settings,
      InstantSource clock,
      Duration longestWait) {
    return new LocalModels(places, rows, engines, clock, Optional.of(settings), longestWait);
  }

  /** Those of a command that works alone. */
  public static LocalModels withoutMemory(
      ModelPlaces places, ModelRows rows, Engines engines, InstantSource clock) {
    return new LocalModels(places, rows, engines, clock, Optional.empty(), LONGEST_WAIT);
  }

  /** Those in memory. Throws {@link ModelsException.NoServer}. */
  public LoadedModels loaded() {
    return new SharedModels(places, registry, memory("use"));
  }

  @Override
  public List<RegisteredModel> list() {
    Map<String, ResidentEntry> entries = new HashMap<>();
    if (memory != null) {
      memory.entries().forEach(entry -> entries.put(entry.key().name(), entry));
    }
    return registry.all().stream()
        .map(each -> told(each, Optional.ofNullable(entries.get(each.name().value()))))
        .toList();
  }

  @Override
  public RegisteredModel get(ModelName name) {
    return told(registry.get(name));
  }

  private RegisteredModel told(Registered registered) {
    return told(
        registered,
        memory == null ? Optional.empty() : memory.entry(Meant.keyOf(registered.name())));
  }

  private static RegisteredModel told(Registered registered, Optional<ResidentEntry> entry) {
    return new RegisteredModel(
        registered.registration(),
        registered.at(),
        registered.pulled(),
        entry.map(
            each -> new InMemory(each.created(), each.bytes(), each.accesses(), each.leases())));
  }

  @Override
  public RegisteredModel register(Registration wish) {
    if (wish.repo().kind() != RepoKind.MODEL) {
      throw new InvalidName(
          "model's repo", wish.repo().toString(), "a model comes from a repo of models, org/name");
    }
    wish.file().ifPresent(EntryPath::ordinary);
    wish.engine().ifPresent(gathering::named);
    places.requireLocation(wish.location());
    return told(registry.add(wish));
  }

  @Override
  public RegisteredModel remove(ModelName name) {
    Registered gone = registry.remove(name);
    LOG.atInfo()
        .addKeyValue("event", "model.removed")
        .addKeyValue("key", name)
        .log("the registration of a model was removed");
    if (memory != null) {
      boolean _ = memory.unload(Meant.keyOf(name));
    }
    return told(gone, Optional.empty());
  }

  @Override
  public RegisteredModel pull(ModelName name, Caller caller, PullListener listener) {
    Meant meant = Meant.of(registry.get(name));
    try {
      Gathering.Gathered _ =
          gathering.gather(meant, Gathering.Errand.unbounded(places.onBehalfOf(caller), listener));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelsException.Stopping("The pull of '%s' was cut.".formatted(name), e);
    } catch (Exception e) { // An engine throws what it will.
      throw Failures.of(meant, e);
    }
    return get(name);
  }

  @Override
  public RegisteredModel load(ModelName name, Caller caller, PullListener listener) {
    ModelMemory here = memory("load");
    Meant meant = Meant.of(registry.get(name));
    here.load(meant, places.onBehalfOf(caller), listener);
    return get(name);
  }

  @Override
  public RegisteredModel unload(ModelName name) {
    ModelMemory here = memory("unload");
    Registered registered = registry.get(name);
    boolean _ = here.unload(Meant.keyOf(name));
    return told(registered);
  }

  private ModelMemory memory(String verb) {
    if (memory == null) {
      throw new ModelsException.NoServer(verb);
    }
    return memory;
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
    }
  }
}
