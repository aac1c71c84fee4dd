package com.example.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of some things are alike: two are in one cluster if they are alike enough, or if others
 * join them (single linkage).
 */
final class Clusters {
  /** How alike two of the things are, by their numbers. */
  @FunctionalInterface
  interface Likeness {
    double of(int one, int other);
  }

  private final int[] parent;

  private Clusters(int size) {
    parent = new int[size];
    for (int i = 0; i < size; i++) {
      parent[i] = i;
    }
  }

  /** The numbers of the things, cluster by cluster, the largest first; also those of one. */
  static List<List<Integer>> of(int size, double enough, Likeness likeness)
      throws InterruptedException {
    Clusters clusters = new Clusters(size);
    for (int one = 0; one < size; one++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      for (int other = one + 1; other < size; other++) {
        if (likeness.of(one, other) >= enough) {
          clusters.join(one, other);
        }
      }
    }
    return clusters.lists();
  }

  private void join(int one, int other) {
    parent[root(one)] = root(other);
  }

  private int root(int thing) {
    int at = thing;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  private List<List<Integer>> lists() {
    Map<Integer, List<Integer>> byRoot = new TreeMap<>();
    for (int i = 0; i < parent.length; i++) {
      byRoot.computeIfAbsent(root(i), _ -> new ArrayList<>()).add(i);
    }
    Collection<List<Integer>> lists = byRoot.values();
    return lists.stream()
        .sorted(
            Comparator.<List<Integer>>comparingInt(list -> -list.size())
                .thenComparing(List::getFirst))
        .toList();
  }
}
