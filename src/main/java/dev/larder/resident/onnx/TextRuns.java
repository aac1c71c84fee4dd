package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** From tokens to vectors, through a session. */
final class TextRuns {
  /** What a batch of tokens puts into each input that is known. */
  private static final Map<String, BiFunction<Tokenizer.Tokens, Integer, Long>> INPUTS =
      Map.of(
          "input_ids", (tokens, i) -> tokens.ids()[i],
          "attention_mask", (_, _) -> 1L,
          "token_type_ids", (tokens, i) -> tokens.types()[i],
          "position_ids", (_, i) -> (long) i);

  private final Session session;
  private final TextOutput output;
  private final SentenceSettings settings;
  private final boolean alone;

  TextRuns(Session session, TextOutput output, SentenceSettings settings, boolean quantizesInputs) {
    this.session = session;
    this.output = output;
    this.settings = settings;
    this.alone =
        quantizesInputs || session.inputs().stream().anyMatch(port -> port.shape().getFirst() == 1);
  }

  /** Whether the model takes texts, and nothing else. */
  static boolean takesTexts(Session session) {
    List<Port> inputs = session.inputs();
    return inputs.stream().anyMatch(port -> port.name().equals("input_ids"))
        && inputs.stream().allMatch(TextRuns::isKnown);
  }

  private static boolean isKnown(Port port) {
    return INPUTS.containsKey(port.name())
        && port.type() == Tensor.Type.LONG
        && port.shape().size() == 2
        && port.shape().getLast() < 0;
  }

  /** Whether each text runs by itself. */
  boolean alone() {
    return alone;
  }

  /** Of texts that have the same number of tokens, in their order. */
  List<float[]> vectors(List<Tokenizer.Tokens> batch) {
    int count = batch.size();
    int length = batch.getFirst().count();
    if (length == 0) {
      throw new EngineException.BadInput("An empty text has no vector in this model.", null);
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Port port : session.inputs()) {
      var value = Objects.requireNonNull(INPUTS.get(port.name()));
      long[] values = new long[count * length];
      for (int i = 0; i < values.length; i++) {
        values[i] = value.apply(batch.get(i / length), i % length);
      }
      inputs.put(port.name(), new Tensor.Longs(values, count, length));
    }
    Tensor made;
    try (RunMemory _ = RunMemory.take(count, length, settings.heads())) {
      made = session.run(inputs, Set.of(output.name())).get(output.name());
    }
    if (!(made instanceof Tensor.Floats floats)) {
      throw new EngineException.Broken("The output " + output.name() + " is missing.", null);
    }
    return output.pooled() ? rows(floats, count) : pooled(floats, count, length);
  }

  private List<float[]> rows(Tensor.Floats made, int count) {
    expect(made, 2, count);
    int width = (int) made.shape()[1];
    List<float[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(finished(Arrays.copyOfRange(made.values(), i * width, (i + 1) * width)));
    }
    return rows;
  }

  private List<float[]> pooled(Tensor.Floats made, int count, int length) {
    expect(made, 3, count);
    if (made.shape()[1] != length) {
      throw unexpected(made);
    }
    int width = (int) made.shape()[2];
    List<float[]> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] vector = new float[width * settings.pooling().size()];
      int to = 0;
      for (Pooling pooling : settings.pooling()) {
        pooling.pool(made.values(), i * length * width, length, width, vector, to);
        to += width;
      }
      vectors.add(finished(vector));
    }
    return vectors;
  }

  private float[] finished(float[] vector) {
    if (settings.normalize() || output.normalize()) {
      Vectors.normalize(vector);
    }
    return vector;
  }

  private void expect(Tensor.Floats made, int dimensions, int count) {
    if (made.shape().length != dimensions || made.shape()[0] != count) {
      throw unexpected(made);
    }
  }

  private EngineException unexpected(Tensor.Floats made) {
    return new EngineException.Broken(
        "The output %s has the shape %s, which is none of vectors for each text."
            .formatted(output.name(), Arrays.toString(made.shape())),
        null);
  }
}
