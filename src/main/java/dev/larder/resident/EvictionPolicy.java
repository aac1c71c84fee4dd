package dev.larder.resident;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.List;

/** Which idle models go when room is wanted. Decides, and does nothing. */
final class EvictionPolicy {
  private static final double SECOND = 1e9;

  private EvictionPolicy() {}

  /**
   * The least valuable ones that make {@code missingBytes} free, none of which could be left out;
   * empty when nothing is missing, or when all of them together would not do.
   */
  static List<Candidate> plan(List<Candidate> idle, long missingBytes) {
    List<Candidate> worstFirst =
        idle.stream()
            .sorted(comparingDouble(EvictionPolicy::worth).thenComparing(each -> each.key().name()))
            .toList();
    List<Candidate> plan = new ArrayList<>();
    long freed = 0;
    for (Candidate each : worstFirst) {
      if (freed >= missingBytes) {
        break;
      }
      plan.add(each);
      freed += each.bytes();
    }
    return freed < missingBytes ? List.of() : withoutNeedless(plan, freed - missingBytes);
  }

  /** The more valuable ones are spared first. */
  private static List<Candidate> withoutNeedless(List<Candidate> plan, long spareBytes) {
    long spare = spareBytes;
    List<Candidate> needed = new ArrayList<>();
    for (Candidate each : plan.reversed()) {
      if (each.bytes() <= spare) {
        spare -= each.bytes();
      } else {
        needed.add(each);
      }
    }
    return needed.reversed();
  }

  /**
   * Seconds of loading that a byte of it saves, the less likely the longer nobody came. A second is
   * added to each time, so that what was used just now is not priceless nor what loads fast free.
   */
  static double worth(Candidate model) {
    double saved = model.loadNanos() / SECOND + 1;
    double idle = model.idleNanos() / SECOND + 1;
    return saved / idle / Math.max(1, model.bytes());
  }
}
