package dev.larder.app;

import dev.larder.catalog.SpaceRows;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upkeep.Budget;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Pins and evictions of several locations. A pin stands in the catalog of each: its repo may come
 * into any of them, also by another program, and each may be opened by itself. {@code place}: where
 * a repo lives, and whose budget a new pin has to fit.
 */
record LocatedBudget(List<LocationFront> fronts, Function<RepoId, LocationFront> place)
    implements Budget {
  /** Of what was said at the same moment, that it is over. */
  private static final Comparator<PinRow> LATER =
      Comparator.comparing(PinRow::createdAt)
          .thenComparing(LocatedBudget::end, Comparator.reverseOrder());

  /** What makes two pins the same one. */
  private record Key(RepoId repo, Optional<Revision> revision, String owner) {
    static Key of(PinRow row) {
      return new Key(row.repo(), row.revision(), row.owner());
    }

    static Key of(Pin pin) {
      return new Key(pin.repo(), pin.revision(), pin.owner());
    }
  }

  /**
   * Brings the pins of each location into all: one was away when a pin was made, changed or taken
   * away, or was filled by itself. What was said last holds.
   */
  void share() {
    List<SpaceRows> spaces = fronts.stream().map(LocatedBudget::space).toList();
    Map<Key, PinRow> all = new LinkedHashMap<>();
    for (SpaceRows space : spaces) {
      for (PinRow row : space.pins()) {
        PinRow _ = all.merge(Key.of(row), row, (a, b) -> LATER.compare(a, b) < 0 ? b : a);
      }
    }
    spaces.forEach(space -> add(all.values(), space));
  }

  private static SpaceRows space(LocationFront front) {
    return front.rooms().catalog().space();
  }

  private static Instant end(PinRow row) {
    return row.expiresAt().orElse(Instant.MAX);
  }

  private static void add(Collection<PinRow> rows, SpaceRows space) {
    Set<PinRow> there = Set.copyOf(space.pins());
    rows.stream().filter(row -> !there.contains(row)).forEach(space::putPin);
  }

  @Override
  public Pin pin(Wish wish) {
    LocationFront lives = place.apply(wish.repo());
    Pin pin = lives.budget().pin(wish);
    PinRow row =
        new PinRow(
            pin.repo(), pin.revision(), pin.owner(), pin.createdAt(), pin.expiresAt(), pin.note());
    fronts.stream().filter(front -> front != lives).forEach(front -> space(front).putPin(row));
    return merged().getOrDefault(Key.of(pin), pin);
  }

  /** Each with what it keeps in all locations together. */
  private Map<Key, Pin> merged() {
    Map<Key, Pin> pins = new LinkedHashMap<>();
    for (LocationFront front : fronts) {
      for (Pin pin : front.budget().pins()) {
        Pin _ = pins.merge(Key.of(pin), pin, LocatedBudget::sum);
      }
    }
    return pins;
  }

  private static Pin sum(Pin one, Pin same) {
    return new Pin(
        one.repo(),
        one.revision(),
        one.owner(),
        one.createdAt(),
        one.expiresAt(),
        one.note(),
        one.sizeBytes() + same.sizeBytes());
  }

  @Override
  public List<Pin> pins() {
    return merged().values().stream()
        .sorted(Comparator.comparing(Pin::target).thenComparing(Pin::owner))
        .toList();
  }

  @Override
  public Pin unpin(RepoId repo, Optional<Revision> revision, String owner) {
    Key key = new Key(repo, revision, owner);
    Pin pin = merged().get(key);
    if (pin == null) {
      return place.apply(repo).budget().unpin(repo, revision, owner); // Says whose pins there are.
    }
    for (LocationFront front : fronts) {
      if (front.budget().pins().stream().map(Key::of).anyMatch(key::equals)) {
        Pin _ = front.budget().unpin(repo, revision, owner);
      }
    }
    return pin;
  }

  @Override
  public List<Evicted> evictions(Instant since) {
    return fronts.stream()
        .flatMap(front -> front.budget().evictions(since).stream())
        .sorted(Comparator.comparing(Evicted::at).reversed())
        .toList();
  }
}
