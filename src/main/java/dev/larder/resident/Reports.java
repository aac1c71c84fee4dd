package dev.larder.resident;

import dev.larder.resident.Holding.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is here, by whom it is held, and the refusals that say so. With the lock held. */
record Reports(House house) {
  /** So many are named in a message. */
  private static final int NAMED = 10;

  List<ResidentEntry> entries() {
    return house.live().stream().<ResidentEntry>map(this::entry).toList();
  }

  private ResidentEntry entry(Resident<?> resident) {
    ModelKey<?> key = resident.key();
    History.Counts past = house.history().of(key);
    long now = house.times().now();
    return new ResidentEntry(
        key,
        resident.bytes(),
        resident.accesses(),
        past.hits() + resident.hits(),
        past.misses(),
        resident.created(),
        // Not by the clock: until the next use it is the same whenever it is asked for.
        resident.created().plusNanos(resident.usedNanos() - resident.createdNanos()),
        Duration.ofNanos(now - resident.createdNanos()),
        Duration.ofNanos(now - resident.usedNanos()),
        Duration.ofNanos(resident.loadNanos()),
        house.keeping().keepAlive(key),
        resident.leases().size(),
        house.keeping().owners(key));
  }

  /** Open leases, oldest first. */
  List<Holding> leases() {
    return held()
        .flatMap(each -> each.leases().stream().map(lease -> lease(each, lease)))
        .sorted(Comparator.comparing(Holding::since))
        .toList();
  }

  private Holding lease(Resident<?> resident, OpenLease<?> lease) {
    return new Holding(
        resident.key(),
        Kind.LEASE,
        lease.owner(),
        house.times().at(lease.takenNanos()),
        resident.bytes(),
        lease.trace());
  }

  private Stream<Resident<?>> held() {
    return Stream.concat(house.live().stream(), house.draining().stream());
  }

  /** All that takes memory, or keeps it from being taken. */
  List<Holding> holdings() {
    List<Holding> all = new ArrayList<>(leases());
    for (Pin pin : house.keeping().pins()) {
      Resident<?> pinned = house.find(pin.key());
      long bytes = pinned == null ? 0 : pinned.bytes();
      all.add(new Holding(pin.key(), Kind.PIN, pin.owner(), pin.since(), bytes, List.of()));
    }
    for (Loading<?> each : house.loads()) {
      if (each.reserved()) {
        all.add(
            new Holding(
                each.key(),
                Kind.LOAD,
                each.owner(),
                house.times().at(each.askedNanos()),
                each.estimateBytes(),
                List.of()));
      }
    }
    for (Resident<?> each : house.closing()) {
      all.add(
          new Holding(
              each.key(),
              Kind.CLOSING,
              "nobody",
              house.times().at(each.usedNanos()),
              each.bytes(),
              List.of()));
    }
    return all;
  }

  ResidentStats stats() {
    History history = house.history();
    long hits = held().mapToLong(Resident::hits).sum();
    int leases = held().mapToInt(each -> each.leases().size()).sum();
    return new ResidentStats(
        history.all().hits() + hits,
        history.all().misses(),
        history.loads(),
        history.failures(),
        history.evictions(),
        house.ledger().usedBytes(),
        house.ledger().reservedBytes(),
        house.ledger().budgetBytes(),
        house.live().size(),
        leases,
        house.queue().size(),
        house.waiting());
  }

  ResidentException tooBig(ModelKey<?> key, long estimateBytes) {
    long budget = house.settings().budgetBytes();
    return new ResidentException.TooBig(
        "Tried to load %s, but its %d bytes are more than the whole budget of %d bytes; raise the budget."
            .formatted(key, estimateBytes, budget),
        estimateBytes,
        budget);
  }

  ResidentException noRoom(Loading<?> loading, Duration waited, List<Holding> holdings) {
    return new ResidentException.NoRoom(
        "Tried to load %s (%d bytes), but of the budget of %d bytes not so much came free in %s. Held: %s."
            .formatted(
                loading.key(),
                loading.estimateBytes(),
                house.settings().budgetBytes(),
                waited,
                named(holdings)),
        holdings);
  }

  ResidentException queueFull(ModelKey<?> key, List<Holding> holdings) {
    return new ResidentException.QueueFull(
        "Tried to load %s, but as many wait for models already as may (%d loads, %d callers). Held: %s."
            .formatted(
                key,
                house.settings().queueLimit(),
                house.settings().callerLimit(),
                named(holdings)),
        holdings);
  }

  ResidentException stillLoading(ModelKey<?> key, Duration waited) {
    return new ResidentException.StillLoading(
        "Waited %s for %s, which is still being loaded; that goes on.".formatted(waited, key));
  }

  ResidentException loadFailed(ModelKey<?> key, Throwable cause) {
    return new ResidentException.LoadFailed(
        "Tried to load %s, but failed because of %s".formatted(key, cause), cause);
  }

  private static String named(List<Holding> holdings) {
    String first =
        holdings.stream().limit(NAMED).map(Holding::toString).collect(Collectors.joining("; "));
    int more = holdings.size() - NAMED;
    return more > 0 ? first + "; and " + more + " more" : first;
  }
}
