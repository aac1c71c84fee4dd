package dev.larder.resident.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which texts run together: those of the same number of tokens, so that none is filled up and the
 * vector of each is what it would be alone.
 */
final class Batches {
  /** What a run may hold. Its memory grows with this, and above it nothing becomes faster. */
  static final int MOST_TOKENS = 2048;

  private Batches() {}

  /**
   * Groups of indexes of {@code lengths}, shortest texts first.
   *
   * @param alone each by itself, for models in which texts of one run are not independent
   */
  static List<List<Integer>> of(List<Integer> lengths, boolean alone) {
    TreeMap<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < lengths.size(); i++) {
      byLength.computeIfAbsent(lengths.get(i), _ -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> batches = new ArrayList<>();
    byLength.forEach(
        (length, indexes) -> {
          int most = alone ? 1 : Math.max(1, MOST_TOKENS / Math.max(1, length));
          for (int from = 0; from < indexes.size(); from += most) {
            batches.add(indexes.subList(from, Math.min(indexes.size(), from + most)));
          }
        });
    return batches;
  }
}
