package dev.larder.serve.openai;

import dev.larder.models.ModelsException;
import dev.larder.resident.Embeddings;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** What becomes of vectors before they are answered. */
final class Vectors {
  private Vectors() {}

  /**
   * Their first {@code dimensions} numbers, at length 1 again. Throws {@link
   * ModelsException.Broken} for a number that JSON cannot hold.
   */
  static List<float[]> cut(String model, Embeddings made, OptionalInt dimensions) {
    return made.vectors().stream()
        .map(vector -> finite(model, cut(vector, dimensions.orElse(vector.length))))
        .toList();
  }

  private static float[] cut(float[] vector, int length) {
    return length >= vector.length ? vector : normalized(Arrays.copyOf(vector, length));
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float each : vector) {
      squares += (double) each * each;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length && length > 0; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }

  private static float[] finite(String model, float[] vector) {
    for (float each : vector) {
      if (!Float.isFinite(each)) {
        throw new ModelsException.Broken(
            "'%s' made a vector with a number in it that is none; its weights may be damaged: larder verify --repair finds that out."
                .formatted(model),
            null);
      }
    }
    return vector;
  }
}
