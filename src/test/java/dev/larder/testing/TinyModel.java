package dev.larder.testing;

import dev.larder.resident.Embeddings;
import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.TextEmbedder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model of four numbers: of a text how many vowels, consonants, spaces and other characters it
 * has, of a picture its first bytes; at length 1. A token is a word. The text {@code "NaN"} makes
 * numbers that are none.
 */
public final class TinyModel implements TextEmbedder, ImageEmbedder {
  public static final int DIMENSIONS = 4;

  @Override
  public String engine() {
    return "tiny";
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public Set<String> prompts() {
    return Set.of("query");
  }

  @Override
  public Embeddings embed(List<String> texts, Optional<String> prompt) {
    if (prompt.isPresent() && !prompts().contains(prompt.get())) {
      throw new EngineException.BadInput("It knows no prompt of that name, only query.", null);
    }
    String before = prompt.map(name -> name + ": ").orElse("");
    List<String> whole = texts.stream().map(before::concat).toList();
    long tokens = whole.stream().mapToLong(text -> text.split(" ", -1).length).sum();
    return new Embeddings(whole.stream().map(TinyModel::vector).toList(), tokens);
  }

  /** That of a text without a prompt. */
  public static float[] vector(String text) {
    if (text.equals("NaN")) {
      return new float[] {Float.NaN, 0, 0, 0};
    }
    float[] counts = new float[DIMENSIONS];
    text.chars()
        .forEach(
            c ->
                counts[
                    "aeiou".indexOf(c) >= 0 ? 0 : Character.isLetter(c) ? 1 : c == ' ' ? 2 : 3]++);
    return unit(counts);
  }

  @Override
  public int imageDimensions() {
    return DIMENSIONS;
  }

  @Override
  public Embeddings embedImages(List<byte[]> images) {
    return new Embeddings(images.stream().map(TinyModel::vector).toList(), 0);
  }

  private static float[] vector(byte[] image) {
    if (image.length < DIMENSIONS || image[1] != 'P') {
      throw new EngineException.BadInput("An image is neither PNG nor JPEG.", null);
    }
    float[] first = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      first[i] = image[i];
    }
    return unit(first);
  }

  private static float[] unit(float[] vector) {
    double length = 0;
    for (float each : vector) {
      length += each * each;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(length));
    }
    return vector;
  }
}
