package com.example.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How alike texts are: by their vectors, or by the words that they share. */
final class Vectors {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private Vectors() {}

  /** Of length 1, so that the product of two is their cosine. */
  static float[] normal(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    float length = (float) Math.sqrt(square);
    float[] normal = new float[vector.length];
    for (int i = 0; i < vector.length && length > 0; i++) {
      normal[i] = vector[i] / length;
    }
    return normal;
  }

  /** What several vectors of length 1 have in common, of length 1 too. */
  static float[] mean(List<float[]> vectors) {
    float[] sum = new float[vectors.getFirst().length];
    for (float[] vector : vectors) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += vector[i];
      }
    }
    return normal(sum);
  }

  static double cosine(float[] one, float[] other) {
    float sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  static Set<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(found -> found.group())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How many words both have, of all that one of them has. */
  static double overlap(Set<String> one, Set<String> other) {
    long both = one.stream().filter(other::contains).count();
    long all = one.size() + other.size() - both;
    return all == 0 ? 0 : (double) both / all;
  }
}
