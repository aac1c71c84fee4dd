package dev.larder.models;

import dev.larder.content.LarderException;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.Gathering.Gathered;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ResidentEntry;
import dev.larder.resident.ResidentException;
import dev.larder.resident.ResidentModels;
import dev.larder.resident.ResidentSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models of a server in memory, by what they are meant as. Safe for concurrent use. */
final class ModelMemory implements RepoLoader.Hooks, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelMemory.class);

  /** As long as a large model may take to be brought here. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Who holds what is being loaded and nobody uses. */
  private static final String LOAD = "models load";

  private static final int LOOK_AGAIN_SECONDS = 5;

  private final Registry registry;
  private final Gathering gathering;
  private final ModelLog log = new ModelLog(System::nanoTime);
  private final Arrivals arrivals = new Arrivals();
  private final ResidentModels resident;

  /** What is open, by its key's name: its use was allowed once, and is until it is closed. */
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  /** One model; another one of the same meaning is not the same. */
  private record Open(Meant meant, Object model) {}

  ModelMemory(
      Registry registry, Gathering gathering, ResidentSettings settings, InstantSource clock) {
    this.registry = registry;
    this.gathering = gathering;
    this.resident =
        ResidentModels.open(
            settings,
            clock,
            event -> {
              log.happened(event);
              arrivals.happened(event);
            });
  }

  /** Whether the model is open, so that nobody has to be asked about it. */
  boolean isOpen(ModelKey<Model> key) {
    return open.containsKey(key.name());
  }

  /**
   * Waits for a download longer than for memory: that one is refused with the names of those who
   * hold it.
   */
  Lease<Model> acquire(Meant meant, Caller caller, String owner) {
    long begun = log.now();
    while (true) {
      try {
        Lease<Model> lease =
            resident.acquire(meant.key(), loader(meant, caller, PullListener.NONE), owner);
        log.acquired(meant.key(), lease.hit(), begun);
        return lease;
      } catch (ResidentException e) {
        LarderException failure = Failures.of(meant, e);
        boolean longer =
            failure instanceof ModelsException.StillLoading || isOfTheFormer(meant, failure);
        if (!longer || log.now() - begun >= LONGEST_WAIT.toNanos()) {
          throw failure;
        }
      }
    }
  }

  /** Whether it joined a load that somebody began who meant what had the name before. */
  private boolean isOfTheFormer(Meant meant, LarderException failure) {
    return failure instanceof ModelsException.NotRegistered
        && meant.as().filter(registry::isCurrent).isPresent();
  }

  /** Returns when it is in memory; that is no use of it. */
  void load(Meant meant, Caller caller, PullListener listener) {
    try {
      while (!arrives(meant, caller, listener)) {
        LOG.debug("the load of {} goes on, or is of what had the name before", meant.key());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelsException.Stopping("The wait for '%s' was cut.".formatted(meant.key()), e);
    } catch (Throwable e) { // Whatever ended the load is told as what it is.
      throw Failures.of(meant, e);
    }
  }

  private boolean arrives(Meant meant, Caller caller, PullListener listener) throws Throwable {
    try (Arrivals.Waiter waiter = arrivals.waiter(meant.key())) {
      resident.preload(meant.key(), loader(meant, caller, listener), LOAD);
      return entry(meant.key()).isPresent() || waiter.await(LOOK_AGAIN_SECONDS);
    } catch (ModelsException.NotRegistered failure) {
      if (isOfTheFormer(meant, failure)) {
        return false;
      }
      throw failure;
    }
  }

  private RepoLoader loader(Meant meant, Caller caller, PullListener listener) {
    return new RepoLoader(gathering, meant, caller, listener, this);
  }

  boolean unload(ModelKey<Model> key) {
    return resident.unload(key);
  }

  int clear() {
    return resident.clear();
  }

  List<ResidentEntry> entries() {
    return resident.entries();
  }

  Optional<ResidentEntry> entry(ModelKey<Model> key) {
    return entries().stream().filter(each -> each.key().equals(key)).findFirst();
  }

  /** What a key in memory stands for. */
  Optional<Meant> meant(ModelKey<?> key) {
    return Optional.ofNullable(open.get(key.name())).map(Open::meant);
  }

  @Override
  public void begins(Meant meant) {
    meant
        .as()
        .filter(as -> !registry.isCurrent(as))
        .ifPresent(
            gone -> {
              throw new ModelsException.NotRegistered(gone.name());
            });
  }

  @Override
  public Runnable loaded(Meant meant, Gathered gathered) {
    Open here = new Open(meant, new Object());
    open.put(meant.key().name(), here);
    return () -> open.remove(meant.key().name(), here);
  }

  @Override
  public void close() {
    resident.close();
  }
}
