package dev.larder.upkeep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Why something is, or is not, in the cache. {@code facts}: how it is now, from disk and catalog.
 * {@code next}: what its next request meets; empty for bytes without a repo. {@code decisions}: the
 * last ones, the newest first. Names callers, so it is for whoever runs the Larder.
 */
public record WhyReport(
    String target, boolean cached, List<Fact> facts, String next, List<Decision> decisions) {
  static final int MOST_DECISIONS = 20;

  public WhyReport {
    facts = List.copyOf(facts);
    decisions = List.copyOf(decisions);
  }

  /** About bytes that may lie in several locations, the first of which is primary. */
  public static WhyReport joined(SequencedMap<String, WhyReport> byLocation) {
    List<Fact> facts = new ArrayList<>();
    byLocation.forEach(
        (location, report) -> {
          facts.add(new Fact("location", location));
          facts.addAll(report.facts());
        });
    WhyReport first = byLocation.firstEntry().getValue();
    return new WhyReport(
            first.target(),
            byLocation.values().stream().anyMatch(WhyReport::cached),
            facts,
            first.next(),
            List.of())
        .with(byLocation.values());
  }

  /** With what was decided about the same in other places. */
  public WhyReport with(Collection<WhyReport> others) {
    List<Decision> all =
        Stream.concat(Stream.of(this), others.stream())
            .flatMap(report -> report.decisions().stream())
            .sorted(Comparator.comparing(Decision::at).reversed())
            .limit(MOST_DECISIONS)
            .toList();
    return new WhyReport(target, cached, facts, next, all);
  }

  /** One thing that holds now: {@code name} is a word, {@code text} a sentence. */
  public record Fact(String name, String text) {}

  /** One decision, taken {@code times} times and {@code at} last. What it is not about is empty. */
  public record Decision(
      Instant at,
      String kind,
      String object,
      String commit,
      String caller,
      String detail,
      long times) {}
}
