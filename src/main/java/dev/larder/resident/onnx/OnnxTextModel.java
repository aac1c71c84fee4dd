package dev.larder.resident.onnx;

import dev.larder.resident.Embeddings;
import dev.larder.resident.TextEmbedder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A model that makes vectors of texts. */
final class OnnxTextModel extends OnnxModel implements TextEmbedder {
  private final TextRuns runs;
  private final Tokenizer tokenizer;
  private final SentenceSettings settings;
  private final int dimensions;

  OnnxTextModel(
      String name, Session session, TextRuns runs, Tokenizer tokenizer, SentenceSettings settings) {
    super(name, session, () -> free(session, tokenizer));
    this.runs = runs;
    this.tokenizer = tokenizer;
    this.settings = settings;
    // What the model says of itself is not always so: look.
    this.dimensions = runs.vectors(List.of(tokenizer.encode("a"))).getFirst().length;
  }

  private static void free(Session session, Tokenizer tokenizer) {
    try {
      tokenizer.free();
    } finally {
      session.free();
    }
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public Set<String> prompts() {
    return settings.prompts().keySet();
  }

  @Override
  public Embeddings embed(List<String> texts, Optional<String> prompt) {
    String before = settings.prompt(prompt);
    try (Gate.Use _ = use()) {
      List<Tokenizer.Tokens> tokens =
          texts.stream().map(text -> Turns.take(() -> tokenizer.encode(before + text))).toList();
      List<Integer> lengths = tokens.stream().map(Tokenizer.Tokens::count).toList();
      float[][] vectors = new float[texts.size()][];
      for (List<Integer> batch : Batches.of(lengths, runs.alone())) {
        List<float[]> made = runs.vectors(batch.stream().map(tokens::get).toList());
        for (int i = 0; i < batch.size(); i++) {
          vectors[batch.get(i)] = made.get(i);
        }
      }
      List<float[]> inOrder = new ArrayList<>(texts.size());
      for (float[] vector : vectors) {
        inOrder.add(Objects.requireNonNull(vector));
      }
      return new Embeddings(inOrder, lengths.stream().mapToLong(Integer::longValue).sum());
    }
  }
}
