package dev.larder.models;

import dev.larder.content.Commit;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.SnapshotUse;
import dev.larder.models.ModelPlaces.Place;
import dev.larder.models.RegisteredModel.Pulled;
import dev.larder.resident.Engine;
import dev.larder.resident.EngineException;
import dev.larder.resident.Engines;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Brings what the engine needs of a repo, and nothing else. Safe for concurrent use. */
final class Gathering {
  private final ModelPlaces places;
  private final Engines engines;
  private final Registry registry;

  Gathering(ModelPlaces places, Engines engines, Registry registry) {
    this.places = places;
    this.engines = engines;
    this.registry = registry;
  }

  /** What was brought of a snapshot, and for which engine. */
  record Gathered(Place place, SnapshotUse use, Engine engine, List<String> paths) {
    Commit commit() {
      return use.commit();
    }
  }

  /** Work with the files while they are held. */
  interface Work<T> {
    T with(Gathered gathered, RepoFiles files) throws Exception;
  }

  /**
   * In whose name files are asked for, and who is told of them. {@code mostBytes}: what the files
   * may have together; more is refused before it is fetched. {@code downloads}: what ends them.
   */
  record Errand(Caller caller, PullListener listener, long mostBytes, Downloads downloads) {
    static Errand unbounded(Caller caller, PullListener listener) {
      return new Errand(caller, listener, Long.MAX_VALUE, new Downloads());
    }
  }

  Gathered gather(Meant meant, Errand errand) throws Exception {
    return gather(meant, errand, (gathered, _) -> gathered);
  }

  /** Asks what the revision holds now, brings what is needed of that, and does {@code work}. */
  <T> T gather(Meant meant, Errand errand, Work<T> work) throws Exception {
    Place place = places.placeOf(meant.repo(), meant.location());
    SnapshotUse use =
        place.puller().use(meant.repo(), meant.revision(), errand.caller(), meant.as().isPresent());
    try (RepoFiles files = new RepoFiles(places, place, meant.repo(), use, errand)) {
      try {
        return work.with(gathered(meant, place, files), files);
      } catch (Throwable e) {
        throw reason(meant, files, e);
      }
    }
  }

  private Gathered gathered(Meant meant, Place place, RepoFiles files) throws Exception {
    Engine engine = engine(meant, files.paths());
    List<String> paths = List.copyOf(engine.gather(files, meant.options()));
    Gathered gathered = new Gathered(place, files.use(), engine, paths);
    meant.as().ifPresent(as -> note(as, gathered));
    return gathered;
  }

  /** What an engine made of bytes that somebody changed says nothing about the model. */
  static Exception reason(Meant meant, RepoFiles files, Throwable failure) {
    if (!(failure instanceof ModelsException.Rewritten)) {
      files
          .rewritten()
          .map(path -> new ModelsException.Rewritten(meant.snapshot(), path))
          .ifPresent(
              rewritten -> {
                rewritten.addSuppressed(failure);
                throw rewritten;
              });
    }
    return switch (failure) {
      case Error error -> throw error;
      case Exception other -> other;
      default -> new IllegalStateException(failure);
    };
  }

  /** The files of what was gathered, held; brought again where they went meanwhile. */
  RepoFiles reopen(Meant meant, Gathered gathered, Downloads downloads) {
    Errand again = // In the name that the files were asked for in; they were measured then.
        new Errand(Caller.ANONYMOUS, PullListener.NONE, Long.MAX_VALUE, downloads);
    RepoFiles files = new RepoFiles(places, gathered.place(), meant.repo(), gathered.use(), again);
    try {
      files.bring(gathered.paths());
      return files;
    } catch (Throwable e) { // Also an Error: what is held would be held for ever.
      try (files) {
        throw e;
      }
    }
  }

  private Engine engine(Meant meant, List<String> paths) {
    if (meant.engine().isPresent()) {
      return named(meant.engine().get());
    }
    Optional<Engine> suits = engines.suiting(paths, meant.options());
    if (suits.isPresent()) {
      return suits.get();
    }
    engines.refuseUnsafe(paths, meant.options());
    throw new EngineException.NothingUsable(
        "None of the engines here (%s) can load a model of %s."
            .formatted(known(), meant.snapshot()),
        paths);
  }

  /** Throws {@link ModelsException.UnknownEngine}. */
  Engine named(String name) {
    return engines
        .named(name)
        .orElseThrow(
            () ->
                new ModelsException.UnknownEngine(
                    "There is no engine '%s'; there %s %s. Leave it out to have the one that suits the repo's files."
                        .formatted(name, engines.names().size() == 1 ? "is" : "are", known())));
  }

  private String known() {
    return engines.names().isEmpty() ? "none" : String.join(", ", engines.names());
  }

  private void note(Registered as, Gathered gathered) {
    long bytes =
        gathered.paths().stream()
            .distinct()
            .mapToLong(path -> Math.max(0, gathered.use().files().getOrDefault(path, 0L)))
            .sum();
    registry.pulled(
        as,
        new Pulled(
            gathered.commit(),
            gathered.engine().name(),
            (int) gathered.paths().stream().distinct().count(),
            bytes,
            registry.clock().instant().truncatedTo(ChronoUnit.MILLIS)));
  }
}
