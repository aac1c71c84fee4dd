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

  Gathered gather(Meant meant, Caller caller, PullListener listener) throws Exception {
    return gather(meant, caller, listener, (gathered, _) -> gathered);
  }

  /** Asks what the revision holds now, brings what is needed of that, and does {@code work}. */
  <T> T gather(Meant meant, Caller caller, PullListener listener, Work<T> work) throws Exception {
    Place place = places.placeOf(meant.repo(), meant.location());
    SnapshotUse use = place.puller().use(meant.repo(), meant.revision(), caller, meant.as().isPresent());
    try (RepoFiles files = new RepoFiles(places, place, meant.repo(), use, listener)) {
      Engine engine = engine(meant, files.paths());
      List<String> paths = List.copyOf(engine.gather(files, meant.options()));
      Gathered gathered = new Gathered(place, use, engine, paths);
      meant.as().ifPresent(as -> note(as, gathered));
      return work.with(gathered, files);
    }
  }

  /** The files of what was gathered, held; brought again where they went meanwhile. */
  RepoFiles reopen(Meant meant, Gathered gathered) {
    RepoFiles files =
        new RepoFiles(places, gathered.place(), meant.repo(), gathered.use(), PullListener.NONE);
    try {
      files.bring(gathered.paths());
      return files;
    } catch (RuntimeException e) {
      files.close();
      throw e;
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
