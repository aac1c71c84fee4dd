package dev.larder.resident;

import java.util.List;

/**
 * Vectors, in the order of what they were made of. {@code tokens}: how many the model read for all
 * of them together, those that it adds itself included; 0 for pictures.
 */
public record Embeddings(List<float[]> vectors, long tokens) {
  public Embeddings {
    vectors = List.copyOf(vectors);
  }
}
