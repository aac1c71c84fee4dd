package dev.larder.resident.onnx;

import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel.Port;
import java.util.List;
import java.util.Optional;

/**
 * The output of a model that is, or becomes, the vector of a text.
 *
 * @param pooled whether it is one for each text already
 * @param normalize whether it is made one long whatever the settings say
 */
record TextOutput(String name, boolean pooled, boolean normalize) {
  private static final List<String> OF_TOKENS = List.of("last_hidden_state", "token_embeddings");

  /** Empty when none is known to be one. */
  static Optional<TextOutput> of(List<Port> outputs) {
    return find(outputs, 2, List.of("sentence_embedding"))
        .map(name -> new TextOutput(name, true, false))
        .or(() -> find(outputs, 3, OF_TOKENS).map(name -> new TextOutput(name, false, false)))
        .or(
            () ->
                find(outputs, 2, List.of("text_embeds"))
                    .map(name -> new TextOutput(name, true, true)));
  }

  private static Optional<String> find(List<Port> outputs, int dimensions, List<String> names) {
    return names.stream()
        .filter(
            name ->
                outputs.stream()
                    .anyMatch(
                        port ->
                            port.name().equals(name)
                                && port.type() == Tensor.Type.FLOAT
                                && port.shape().size() == dimensions))
        .findFirst();
  }
}
