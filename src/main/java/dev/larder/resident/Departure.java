package dev.larder.resident;

import java.time.Duration;
import java.util.List;

/** Models that somebody wants gone, and the end of all of them. */
record Departure(House house, Reports reports) {
  Departure(House house) {
    this(house, new Reports(house));
  }

  boolean unload(ModelKey<?> key) {
    return house.change(duties -> unload(key, duties));
  }

  private boolean unload(ModelKey<?> key, Duties duties) {
    boolean loading = house.detach(key);
    Resident<?> resident = house.find(key);
    if (resident != null) {
      unload(resident, duties);
    }
    return loading || resident != null;
  }

  private void unload(Resident<?> resident, Duties duties) {
    duties.tell(
        new ResidentEvent.Unloaded(resident.key(), resident.bytes(), resident.leases().size()));
    house.drain(resident, duties);
  }

  int clear() {
    return house.change(this::clear);
  }

  private int clear(Duties duties) {
    List<Resident<?>> all = List.copyOf(house.live());
    all.forEach(each -> unload(each, duties));
    return all.size() + house.detachAll();
  }

  /** The first time only. */
  void close(Duration patience) {
    long begun = house.times().now();
    boolean first =
        house.change(
            duties -> {
              boolean open = !house.shut();
              if (open) {
                house.shutDown();
                int _ = clear(duties);
              }
              return open;
            });
    if (first) {
      Void _ = house.change(duties -> awaitQuiet(begun + Times.nanos(patience), duties));
    }
  }

  private Void awaitQuiet(long deadline, Duties duties) {
    while (!house.draining().isEmpty() || !house.closing().isEmpty() || !house.loads().isEmpty()) {
      long left = deadline - house.times().now();
      if (left <= 0 || !waited(left)) {
        tellLeft(duties);
        break;
      }
    }
    return null;
  }

  /** False when interrupted. */
  private boolean waited(long nanos) {
    try {
      long _ = house.quiet().awaitNanos(nanos);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void tellLeft(Duties duties) {
    List<Holding> holdings = reports.holdings();
    holdings.stream()
        .filter(each -> each.kind() != Holding.Kind.PIN)
        .map(Holding::key)
        .distinct()
        .forEach(
            key -> {
              List<Holding> held = holdings.stream().filter(h -> h.key().equals(key)).toList();
              long bytes = held.stream().mapToLong(Holding::bytes).max().orElse(0);
              duties.tell(new ResidentEvent.LeftOpen(key, bytes, held));
            });
  }
}
