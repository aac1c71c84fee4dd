package com.example.policy;

import com.example.policy.Clause.Member;
import com.example.policy.Clusters.Likeness;
import java.util.List;
import java.util.Locale;

/**
 * What an analysis found. {@code clusters}: of two things or more, the largest first; {@code
 * alone}: what is like nothing else.
 */
record AnalysisResult(
    String analysisMode,
    boolean useSemantic,
    double clusterAccuracy,
    int cells,
    int clauses,
    double seconds,
    List<Cluster> clusters,
    List<Member> alone) {

  /** {@code likeness}: the mean over its members with its first one. */
  record Cluster(int size, double likeness, List<Member> members) {}

  static AnalysisResult of(
      AnalysisRequest request,
      int clauses,
      List<List<Clause>> things,
      List<List<Integer>> clusters,
      Likeness likeness,
      long nanos) {
    return new AnalysisResult(
        request.mode().name().toLowerCase(Locale.ROOT),
        request.semantic(),
        request.accuracy(),
        request.cells().size(),
        clauses,
        rounded(nanos / 1e9),
        clusters.stream()
            .filter(cluster -> cluster.size() > 1)
            .map(cluster -> cluster(cluster, things, likeness))
            .toList(),
        clusters.stream()
            .filter(cluster -> cluster.size() == 1)
            .map(cluster -> member(things.get(cluster.getFirst())))
            .toList());
  }

  private static Cluster cluster(
      List<Integer> numbers, List<List<Clause>> things, Likeness likeness) {
    int first = numbers.getFirst();
    double mean =
        numbers.stream().skip(1).mapToDouble(n -> likeness.of(first, n)).average().orElse(1);
    return new Cluster(
        numbers.size(), rounded(mean), numbers.stream().map(n -> member(things.get(n))).toList());
  }

  /** A row is shown as all its clauses, at the place of the first. */
  private static Member member(List<Clause> thing) {
    if (thing.size() == 1) {
      return thing.getFirst().member();
    }
    Member first = thing.getFirst().member();
    String text = String.join(" ", thing.stream().map(Clause::text).toList());
    return new Member(
        text, first.sheet(), first.row(), first.column(), first.cell(), first.start(), first.end());
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
