package dev.larder.resident.onnx;

import dev.larder.resident.Embeddings;
import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A model that makes vectors of pictures: its output {@code image_embeds}, made one long as CLIP
 * does before it compares; else, as they are, its {@code pooler_output}, the first token of {@code
 * last_hidden_state}, or its first output that has two dimensions, or four and the mean over the
 * last two.
 */
final class OnnxImageModel extends OnnxModel implements ImageEmbedder {
  private final Session session;
  private final ImageOutput output;
  private final ImageSettings settings;
  private final int dimensions;

  OnnxImageModel(String name, Session session, ImageOutput output, ImageSettings settings) {
    super(name, session, session::free);
    this.session = session;
    this.output = output;
    this.settings = settings;
    // What the model says of itself is not always so: look.
    this.dimensions = vector(() -> settings.prepare(Picture.blank(64, 64))).length;
  }

  /** Whether pictures are all that it takes. */
  static boolean takesPictures(Session session) {
    return session.inputs().size() == 1
        && session.inputs().getFirst().type() == Tensor.Type.FLOAT
        && session.inputs().getFirst().shape().size() == 4
        && session.inputs().getFirst().shape().get(1) != 1;
  }

  @Override
  public int imageDimensions() {
    return dimensions;
  }

  @Override
  public Embeddings embedImages(List<byte[]> images) {
    try (Gate.Use _ = use()) {
      return new Embeddings(
          images.stream()
              .map(image -> vector(() -> Pictures.use(image, settings::prepare)))
              .toList(),
          0);
    }
  }

  /** Pictures become large when they are read, so that is done in turn too. */
  private float[] vector(Supplier<Tensor.Floats> input) {
    Tensor prepared = Turns.take(input);
    String name = session.inputs().getFirst().name();
    Tensor made = session.run(Map.of(name, prepared), Set.of(output.name())).get(output.name());
    return Optional.ofNullable(made)
        .filter(Tensor.Floats.class::isInstance)
        .map(tensor -> output.vector((Tensor.Floats) tensor))
        .orElseThrow(
            () -> new EngineException.Broken("The output " + output.name() + " is missing.", null));
  }
}
