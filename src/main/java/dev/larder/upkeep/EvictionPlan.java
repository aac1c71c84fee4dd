package dev.larder.upkeep;

import dev.larder.content.RepoId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who goes to make room, the least valuable first, and who may not. A pure decision: the same
 * candidates in any order give the same plan.
 *
 * <p>What no snapshot needs goes first; then by idleness, weighed by what it costs to have the
 * bytes again; then what came within the hour; last what may be nowhere else. A blob that the
 * newest ref of a repo needs never goes before those that only older snapshots of that repo have.
 *
 * @param victims no more than are needed, or all there are
 * @param held bytes that may not go, by what holds them
 * @param freedBytes what the victims have
 * @param enough whether that is what was wanted
 */
record EvictionPlan(
    List<Candidate> victims, Map<Hold, Long> held, long freedBytes, boolean enough) {

  static EvictionPlan of(Collection<Candidate> candidates, long wantedBytes, Instant now) {
    Map<Hold, Long> held = new HashMap<>();
    List<Candidate> free = new ArrayList<>();
    for (Candidate each : candidates) {
      each.hold().ifPresentOrElse(why -> add(held, why, each.sizeBytes()), () -> free.add(each));
    }
    List<Candidate> victims = new ArrayList<>();
    long bytes = 0;
    for (Candidate next : inOrder(free, now)) {
      if (bytes >= wantedBytes) {
        break;
      }
      victims.add(next);
      bytes += next.sizeBytes();
    }
    return new EvictionPlan(List.copyOf(victims), Map.copyOf(held), bytes, bytes >= wantedBytes);
  }

  private static void add(Map<Hold, Long> held, Hold why, long bytes) {
    held.merge(why, bytes, Long::sum);
  }

  private static Set<Candidate> inOrder(List<Candidate> free, Instant now) {
    Comparator<Candidate> least =
        Comparator.comparingInt(Candidate::turn)
            .thenComparing(Comparator.<Candidate>comparingDouble(c -> c.weight(now)).reversed())
            .thenComparing(Candidate::outdated, Comparator.reverseOrder())
            .thenComparing(Comparator.comparingLong(Candidate::sizeBytes).reversed())
            .thenComparing(c -> c.digest().hex());
    List<Candidate> sorted = free.stream().sorted(least).toList();
    Map<RepoId, List<Candidate>> outdated = outdatedOf(sorted);
    Set<Candidate> order = new LinkedHashSet<>(sorted.size() * 2);
    Set<RepoId> opened = new HashSet<>();
    for (Candidate next : sorted) {
      for (RepoId repo : next.newestOf()) {
        if (opened.add(repo)) {
          order.addAll(outdated.getOrDefault(repo, List.of()));
        }
      }
      order.add(next);
    }
    return order;
  }

  private static Map<RepoId, List<Candidate>> outdatedOf(List<Candidate> sorted) {
    Map<RepoId, List<Candidate>> outdated = new HashMap<>();
    sorted.stream()
        .filter(Candidate::outdated)
        .forEach(
            each ->
                each.olderOf()
                    .forEach(
                        repo -> outdated.computeIfAbsent(repo, _ -> new ArrayList<>()).add(each)));
    return outdated;
  }
}
