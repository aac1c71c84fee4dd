package dev.larder.resident;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether some order of the operations of a history explains what each answered: one that keeps
 * every operation after those that had ended when it began, and in which they happen one at a time.
 */
final class Histories {
  private Histories() {}

  /** What was done. {@code model} is what an acquire gave or a release gave back. */
  enum Kind {
    ACQUIRE,
    RELEASE,
    EVICT,
    UNLOAD,
    CLEAR,
    LIST
  }

  /** {@code answer}: of an acquire whether it was a hit, of unload and clear what they said. */
  record Operation(
      Kind kind, String key, int model, int answer, Set<String> listed, int begun, int ended) {}

  /** The models that can be had, by key, with the number of their leases; and all ever seen. */
  private record State(Map<String, Integer> live, Map<Integer, Integer> leases) {
    State {
      live = Map.copyOf(live);
      leases = Map.copyOf(leases);
    }

    State with(String key, int model, int more) {
      Map<String, Integer> nextLive = new TreeMap<>(live);
      if (more > 0) {
        nextLive.put(key, model);
      }
      Map<Integer, Integer> nextLeases = new TreeMap<>(leases);
      nextLeases.merge(model, more, Integer::sum);
      return new State(nextLive, nextLeases);
    }

    State without(Set<String> keys) {
      Map<String, Integer> left = new TreeMap<>(live);
      left.keySet().removeAll(keys);
      return new State(left, leases);
    }
  }

  private record Point(Set<Operation> left, State state) {}

  static boolean explained(List<Operation> history) {
    return explained(Set.copyOf(history), new State(Map.of(), Map.of()), new HashSet<>());
  }

  private static boolean explained(Set<Operation> left, State state, Set<Point> seen) {
    if (left.isEmpty()) {
      return true;
    }
    if (!seen.add(new Point(left, state))) {
      return false;
    }
    int firstEnd = left.stream().mapToInt(Operation::ended).min().orElseThrow();
    for (Operation next : left) {
      State after = next.begun() < firstEnd ? apply(next, state) : null;
      if (after != null) {
        Set<Operation> rest = new HashSet<>(left);
        rest.remove(next);
        if (explained(rest, after, seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Null when it cannot answer that in this state. */
  private static State apply(Operation operation, State state) {
    Integer live = state.live().get(operation.key());
    return switch (operation.kind()) {
      case ACQUIRE -> {
        boolean there = live != null && live == operation.model();
        boolean fresh =
            live == null
                && operation.answer() == 0
                && !state.leases().containsKey(operation.model());
        yield there || fresh ? state.with(operation.key(), operation.model(), 1) : null;
      }
      case RELEASE -> state.with(operation.key(), operation.model(), -1);
      case UNLOAD ->
          (operation.answer() == 1) == (live != null)
              ? state.without(Set.of(operation.key()))
              : null;
      case CLEAR ->
          operation.answer() == state.live().size() ? state.without(state.live().keySet()) : null;
      case EVICT -> state.without(idle(state));
      case LIST -> operation.listed().equals(state.live().keySet()) ? state : null;
    };
  }

  private static Set<String> idle(State state) {
    Set<String> idle = new HashSet<>();
    state
        .live()
        .forEach(
            (key, model) -> {
              if (state.leases().get(model) == 0) {
                idle.add(key);
              }
            });
    return idle;
  }
}
