package dev.larder.app;

import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.location.LocationException;
import dev.larder.mirror.Caller;
import dev.larder.mirror.HubMirror;
import dev.larder.mirror.LocatedMirror;
import dev.larder.mirror.LocatedMirror.Place;
import dev.larder.mirror.LocatedMirror.Twice;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.provision.Archives;
import dev.larder.provision.LocalArchives;
import dev.larder.provision.Rooms;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The locations of a house as one cache: what commands ask goes to where the repo lives. */
final class Located {
  private static final int MOST_NAMED = 10;

  private final List<LocationFront> fronts;
  private final Map<String, String> absent;
  private final LocatedMirror router;

  /**
   * {@code fronts}: primary first. {@code absent}: why others are not there, by name. {@code warn}
   * gets a line when repos lie in several.
   */
  Located(List<LocationFront> fronts, Map<String, String> absent, Consumer<String> warn) {
    this.fronts = List.copyOf(fronts);
    this.absent = Map.copyOf(absent);
    this.router = new LocatedMirror(fronts.stream().map(LocationFront::place).toList());
    fronts.stream().skip(1).forEach(front -> tryToLearn(front, warn));
    if (fronts.size() > 1) {
      tryToSharePins(warn);
    }
  }

  private void tryToSharePins(Consumer<String> warn) {
    try {
      new LocatedBudget(fronts, this::placeOf).share();
    } catch (LarderException e) {
      warn.accept("Pins of one location may not hold in the others: %s".formatted(e.explanation()));
    }
  }

  private void tryToLearn(LocationFront front, Consumer<String> warn) {
    try {
      learn(front, warn);
    } catch (LarderException e) {
      warn.accept(
          "What lives in the location %s cannot be seen: %s"
              .formatted(front.name(), e.explanation()));
    }
  }

  private void learn(LocationFront front, Consumer<String> warn) {
    // Files of those are in no tree that everybody reads.
    List<RepoId> restricted =
        front.rooms().catalog().repos().stream()
            .filter(row -> row.visibility() == Visibility.RESTRICTED)
            .map(RepoRow::repo)
            .toList();
    List<Twice> twice = router.learn(front.place(), restricted);
    if (!twice.isEmpty()) {
      warn.accept(
          "%d %s in several locations, of which the first is used: %s%s. Remove the other, or leave it as a spare."
              .formatted(
                  twice.size(),
                  twice.size() == 1 ? "repo is" : "repos are",
                  twice.stream()
                      .limit(MOST_NAMED)
                      .map(
                          one ->
                              "%s (%s, not %s)".formatted(one.repo(), one.used(), one.passedOver()))
                      .collect(Collectors.joining(", ")),
                  twice.size() > MOST_NAMED ? ", …" : ""));
    }
  }

  LocationFront primary() {
    return fronts.getFirst();
  }

  /** Every location that is here, primary first. */
  List<LocationFront> all() {
    return fronts;
  }

  /** With one location there is nothing to decide. */
  HubMirror mirror() {
    return fronts.size() == 1 ? primary().mirror() : router;
  }

  /** Where the repo lives, or would. */
  LocationFront placeOf(RepoId repo) {
    return front(router.placeOf(repo));
  }

  /** Where it lies; only in the first of them is it asked for. */
  List<LocationFront> having(RepoId repo) {
    return router.having(repo).map(this::front).toList();
  }

  /** It was removed somewhere, and may be elsewhere or nowhere now. */
  void reconsider(RepoId repo) {
    router.reconsider(repo);
  }

  private LocationFront front(Place place) {
    return fronts.stream()
        .filter(front -> front.name().equals(place.name()))
        .findFirst()
        .orElseThrow();
  }

  /** Where the repo lives, else where the request wants it, else in primary. */
  PullResult pull(PullRequest request, Caller caller, PullListener listener) {
    LocationFront wanted = request.location().map(this::named).orElse(null);
    LocationFront front =
        router
            .livesIn(request.repo())
            .map(this::front)
            .orElseGet(() -> wanted == null ? front(router.placeOf(request.repo())) : wanted);
    return bringing(
        request.repo(),
        writable(front),
        () -> front.puller().pull(request, caller, listener).at(front.name()));
  }

  /** Where the repo lives, else the location of this name. It can be written. */
  LocationFront writable(RepoId repo, String wanted) {
    return writable(router.livesIn(repo).map(this::front).orElseGet(() -> named(wanted)));
  }

  private static LocationFront writable(LocationFront front) {
    if (front.rooms().readOnly().isPresent()) {
      throw refused(front, front.rooms().readOnly().get());
    }
    return front;
  }

  /** Does {@code work}, which brings files of the repo there. */
  <T> T bringing(RepoId repo, LocationFront front, Supplier<T> work) {
    router.move(repo, front.place());
    try {
      return work.get();
    } finally {
      router.reconsider(repo);
    }
  }

  private static RuntimeException refused(LocationFront front, StoreReadOnly reason) {
    return front.rooms().location().isPrimary()
        ? reason
        : new StoreReadOnly(
            "The repo belongs to the location %s, which cannot be written: %s"
                .formatted(front.name(), reason.explanation()),
            reason.code().equals("store-full"),
            reason);
  }

  LocationFront named(String name) {
    if (absent.containsKey(name)) {
      throw new LocationException.Absent(
          "The location %s is not there: %s.".formatted(name, absent.get(name)));
    }
    return fronts.stream()
        .filter(front -> front.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LocationException.Unknown(
                    "There is no location '%s'; there %s %s. More are named by SECONDARY_CACHE_PATH and LARDER_LOCATIONS."
                        .formatted(
                            name,
                            fronts.size() == 1 ? "is" : "are",
                            fronts.stream()
                                .map(LocationFront::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** What is new comes into primary. */
  Archives archives(Caller caller) {
    // The same value each time: archives tell caches apart by it.
    Map<String, Rooms> rooms = new LinkedHashMap<>();
    fronts.forEach(front -> rooms.put(front.name(), front.provisions()));
    return new LocalArchives(
        List.copyOf(rooms.values()),
        repo -> Objects.requireNonNull(rooms.get(placeOf(repo).name())),
        new AskedHub(primary().puller(), caller));
  }

  Budget budget() {
    return fronts.size() == 1 ? primary().budget() : new LocatedBudget(fronts, this::placeOf);
  }

  Removals removals() {
    return new LocatedRemovals(this);
  }

  List<RepoListing> list(ListRequest request) {
    return fronts.stream().flatMap(front -> front.list(request).stream()).toList();
  }

  /** As it stands where the repo lives, and what was decided about it anywhere. */
  WhyReport why(WhyRequest request) {
    SequencedMap<String, WhyReport> all = new LinkedHashMap<>();
    fronts.forEach(front -> all.put(front.name(), front.why(request)));
    if (all.size() == 1) {
      return all.firstEntry().getValue();
    }
    return switch (request) {
      case WhyRequest.OfTarget(VerifyTarget target) -> {
        WhyReport lives = all.remove(router.placeOf(target.repo()).name());
        yield Objects.requireNonNull(lives).with(all.values());
      }
      case WhyRequest.OfBytes _ -> WhyReport.joined(all);
    };
  }

  StatsReport stats(Optional<Instant> since) {
    List<StatsReport> each = fronts.stream().map(front -> front.stats(since)).toList();
    return each.size() == 1 ? each.getFirst() : StatsReport.sum(since, each);
  }

  /** One location after the other. A target is looked for where its repo lives. */
  VerifyReport verify(VerifyRequest request, Caller caller, VerifyListener listener) {
    if (fronts.size() == 1) {
      return primary().verifier(caller).verify(request, listener);
    }
    VerifyReport all = new VerifyReport(0, 0, List.of());
    for (LocationFront front : fronts) {
      List<VerifyTarget> mine =
          request.targets().stream()
              .filter(target -> front(router.placeOf(target.repo())) == front)
              .toList();
      if (request.targets().isEmpty() || !mine.isEmpty()) {
        VerifyReport one =
            front
                .verifier(caller)
                .verify(
                    new VerifyRequest(mine, request.repair()), new After(all.bytes(), listener));
        all = all.plus(one);
      }
    }
    return all;
  }

  /** Goes on where the location before ended. */
  private record After(long bytes, VerifyListener listener) implements VerifyListener {
    @Override
    public void progress(String name, long checkedBytes, long totalBytes) {
      listener.progress(name, bytes + checkedBytes, bytes + totalBytes);
    }

    @Override
    public void found(Finding finding) {
      listener.found(finding);
    }
  }
}
