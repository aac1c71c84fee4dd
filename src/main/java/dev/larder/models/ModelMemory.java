package dev.larder.models;

import dev.larder.content.LarderException;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
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

  /** Who holds what is being loaded and nobody uses. */
  private static final String LOAD = "models load";

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final Registry registry;
  private final Gathering gathering;
  private final ModelLog log = new ModelLog(System::nanoTime);
  private final Arrivals arrivals = new Arrivals();
  private final Downloads downloads = new Downloads();
  private final ResidentModels resident;
  private final long budgetBytes;
  private final Duration longestWait;

  /** What is open, by its key's name: its use was allowed once, and is until it is closed. */
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  /** One model; another one of the same meaning is not the same. */
  private record Open(Meant meant, Model model) {
    /** Whether it was loaded for the same registration, or for none. */
    boolean isOf(Meant other) {
      return meant
          .as()
          .map(as -> other.as().filter(as::isSame).isPresent())
          .orElseGet(() -> other.as().isEmpty());
    }
  }

  /** {@code longestWait}: for a model that is being brought here. */
  ModelMemory(
      Registry registry,
      Gathering gathering,
      ResidentSettings settings,
      InstantSource clock,
      Duration longestWait) {
    this.registry = registry;
    this.gathering = gathering;
    this.budgetBytes = settings.budgetBytes();
    this.longestWait = longestWait;
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
        if (isMeant(meant, lease.model())) {
          log.acquired(meant.key(), lease.hit(), begun);
          return lease;
        }
        lease.close();
        unloadFormer(meant);
      } catch (ResidentException e) {
        LarderException failure = Failures.of(meant, e);
        boolean longer =
            failure instanceof ModelsException.StillLoading || isOfTheFormer(meant, failure);
        if (!longer || log.now() - begun >= longestWait.toNanos()) {
          throw failure;
        }
      }
    }
  }

  /**
   * Whether the model is what the name means. Who removes a registration unloads its model a moment
   * later, and the name may have another meaning by then.
   */
  private boolean isMeant(Meant meant, Model model) {
    Open is = open.get(meant.key().name());
    return is != null && is.model() == model && !isOfTheFormer(meant, is);
  }

  private boolean isOfTheFormer(Meant meant, Open is) {
    return !is.isOf(meant) && meant.as().filter(registry::isCurrent).isPresent();
  }

  /** Unloads what is open under a registration that the name has no more. */
  private void unloadFormer(Meant meant) {
    Open is = open.get(meant.key().name());
    if (is != null && isOfTheFormer(meant, is)) {
      boolean _ = resident.unload(meant.key());
    }
  }

  /** Whether it joined a load that somebody began who meant what had the name before. */
  private boolean isOfTheFormer(Meant meant, LarderException failure) {
    return failure instanceof ModelsException.NotRegistered
        && meant.as().filter(registry::isCurrent).isPresent();
  }

  /** Returns when it is in memory; that is no use of it. */
  void load(Meant meant, Caller caller, PullListener listener) {
    long begun = log.now();
    try {
      while (!arrives(meant, caller, listener)) {
        LOG.debug("the load of {} goes on, or is of what had the name before", meant.key());
        requireTime(meant, begun);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelsException.Stopping("The wait for '%s' was cut.".formatted(meant.key()), e);
    } catch (Throwable e) { // Whatever ended the load is told as what it is.
      throw Failures.of(meant, e);
    }
  }

  private void requireTime(Meant meant, long begun) {
    Duration waited = Duration.ofNanos(log.now() - begun);
    if (waited.compareTo(longestWait) >= 0) {
      throw new ModelsException.StillLoading(
          "The load of '%s' took %d s so far and goes on; ask again, or look whether it is in memory, as by 'larder models ls'."
              .formatted(meant.key(), waited.toSeconds()),
          null);
    }
  }

  private boolean arrives(Meant meant, Caller caller, PullListener listener) throws Throwable {
    try (Arrivals.Waiter waiter = arrivals.waiter(meant.key())) {
      unloadFormer(meant);
      resident.preload(meant.key(), loader(meant, caller, listener), LOAD);
      boolean ended = entry(meant.key()).isPresent() || waiter.await(lookAgain());
      Open is = open.get(meant.key().name());
      return ended && (is == null || !isOfTheFormer(meant, is));
    } catch (ModelsException.NotRegistered failure) {
      if (isOfTheFormer(meant, failure)) {
        return false;
      }
      throw failure;
    }
  }

  private Duration lookAgain() {
    return longestWait.compareTo(LOOK_AGAIN) < 0 ? longestWait : LOOK_AGAIN;
  }

  private RepoLoader loader(Meant meant, Caller caller, PullListener listener) {
    return new RepoLoader(
        gathering, meant, new Gathering.Errand(caller, listener, budgetBytes, downloads), this);
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
  public Runnable loaded(Meant meant, Model model) {
    Open here = new Open(meant, model);
    open.put(meant.key().name(), here);
    return () -> open.remove(meant.key().name(), here);
  }

  @Override
  public void close() {
    downloads.stop();
    resident.close();
  }
}
