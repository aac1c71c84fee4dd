package dev.larder.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name somebody may have meant. */
final class NearestName {
  private NearestName() {}

  /** The known name with the fewest edits, if they are few for its length. */
  static Optional<String> of(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.<String>comparingInt(name -> distance(typed, name)).thenComparing(n -> n))
        .filter(name -> distance(typed, name) <= Math.max(2, name.length() / 3));
  }

  /** Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment). */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, i, j, cost);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] cost) {
    int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
