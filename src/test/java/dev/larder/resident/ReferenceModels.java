package dev.larder.resident;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What {@link ResidentModels} should do when everything happens one after the other. */
final class ReferenceModels {
  /** How an acquire ends. */
  enum Answer {
    HIT,
    LOADED,
    TOO_BIG,
    NO_ROOM
  }

  static final class Model {
    final String name;
    final long bytes;
    final long loadNanos;
    long usedNanos;
    int leases;

    Model(String name, long bytes, long loadNanos) {
      this.name = name;
      this.bytes = bytes;
      this.loadNanos = loadNanos;
    }
  }

  final Map<String, Model> live = new TreeMap<>();
  final List<Model> draining = new ArrayList<>();
  final List<Model> leases = new ArrayList<>();
  final Set<String> pins = new HashSet<>();
  final Map<String, Long> keepNanos = new TreeMap<>();
  final long budget;
  final long usualKeepNanos;
  long now;
  long hits;
  long misses;
  long evictions;

  ReferenceModels(long budget, long usualKeepNanos) {
    this.budget = budget;
    this.usualKeepNanos = usualKeepNanos;
  }

  long used() {
    return live.values().stream().mapToLong(each -> each.bytes).sum()
        + draining.stream().mapToLong(each -> each.bytes).sum();
  }

  Answer acquire(String name, long estimate, long bytes, long loadNanos) {
    Model here = live.get(name);
    if (here != null) {
      hits++;
      lease(here);
      return Answer.HIT;
    }
    misses++;
    if (estimate > budget) {
      return Answer.TOO_BIG;
    }
    evict(estimate - (budget - used()));
    if (used() + estimate > budget) {
      return Answer.NO_ROOM;
    }
    now += loadNanos;
    Model loaded = new Model(name, bytes, loadNanos);
    live.put(name, loaded);
    lease(loaded);
    returnToBudget();
    return Answer.LOADED;
  }

  private void lease(Model model) {
    model.usedNanos = now;
    model.leases++;
    leases.add(model);
  }

  void release(int index) {
    Model model = leases.remove(index);
    model.usedNanos = now;
    model.leases--;
    if (model.leases == 0) {
      draining.remove(model);
    }
  }

  boolean unload(String name) {
    Model model = live.remove(name);
    if (model != null && model.leases > 0) {
      draining.add(model);
    }
    return model != null;
  }

  int clear() {
    List<String> all = List.copyOf(live.keySet());
    all.forEach(this::unload);
    return all.size();
  }

  void sweep() {
    List<Model> old =
        live.values().stream()
            .filter(each -> each.leases == 0 && !pins.contains(each.name))
            .filter(
                each -> now - each.usedNanos >= keepNanos.getOrDefault(each.name, usualKeepNanos))
            .toList();
    old.forEach(this::goes);
    returnToBudget();
  }

  private void returnToBudget() {
    long idle = idle().stream().mapToLong(Candidate::bytes).sum();
    evict(Math.min(used() - budget, idle));
  }

  private void evict(long missing) {
    EvictionPolicy.plan(idle(), missing).forEach(each -> goes(live.get(each.key().name())));
  }

  private void goes(Model model) {
    live.remove(model.name);
    evictions++;
  }

  private List<Candidate> idle() {
    return live.values().stream()
        .filter(each -> each.leases == 0 && !pins.contains(each.name))
        .map(
            each ->
                new Candidate(
                    Fixture.key(each.name), each.bytes, now - each.usedNanos, each.loadNanos))
        .toList();
  }
}
