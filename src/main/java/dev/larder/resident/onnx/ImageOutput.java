package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel.Port;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The output of a model that is, or becomes, the vector of a picture.
 *
 * @param normalize whether it is made one long
 */
record ImageOutput(String name, boolean normalize) {
  private static final String PROJECTED = "image_embeds";

  /** Those that have a meaning, the best first. */
  private static final List<String> NAMES =
      List.of(PROJECTED, "pooler_output", "last_hidden_state");

  /** Empty when there is none. */
  static Optional<ImageOutput> of(List<Port> outputs) {
    Stream<Port> named =
        NAMES.stream().flatMap(name -> outputs.stream().filter(port -> port.name().equals(name)));
    Stream<Port> flat = outputs.stream().filter(port -> port.shape().size() == 2);
    Stream<Port> square = outputs.stream().filter(port -> port.shape().size() == 4);
    return Stream.of(named, flat, square)
        .flatMap(ports -> ports)
        .filter(port -> port.type() == Tensor.Type.FLOAT)
        .findFirst()
        .map(port -> new ImageOutput(port.name(), port.name().equals(PROJECTED)));
  }

  /**
   * Of one picture: a vector as it is, the first of several tokens, or the mean over the places of
   * each channel.
   */
  float[] vector(Tensor.Floats made) {
    long[] shape = made.shape();
    float[] vector =
        switch (shape.length) {
          case 2 -> made.values().clone();
          case 3 -> Arrays.copyOf(made.values(), (int) shape[2]);
          case 4 -> means(made.values(), (int) shape[1]);
          default ->
              throw new EngineException.Broken(
                  "The output %s has the shape %s, which is no vector of a picture."
                      .formatted(name, Arrays.toString(shape)),
                  null);
        };
    if (normalize) {
      Vectors.normalize(vector);
    }
    return vector;
  }

  private static float[] means(float[] values, int channels) {
    float[] means = new float[channels];
    int places = values.length / Math.max(1, channels);
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      for (int i = 0; i < places; i++) {
        sum += values[channel * places + i];
      }
      means[channel] = (float) (sum / places);
    }
    return means;
  }
}
