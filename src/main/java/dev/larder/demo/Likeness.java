package dev.larder.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How alike the texts {@code first} and {@code second} of a list are: the cosine of their vectors.
 */
record Likeness(int first, int second, double cosine) {
  /** Every pair, most alike first. */
  static List<Likeness> pairs(List<float[]> vectors) {
    List<Likeness> pairs = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      for (int j = i + 1; j < vectors.size(); j++) {
        pairs.add(new Likeness(i, j, cosine(vectors.get(i), vectors.get(j))));
      }
    }
    pairs.sort(Comparator.comparingDouble((Likeness pair) -> pair.cosine()).reversed());
    return pairs;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * (double) b[i];
    }
    return sum;
  }
}
