package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Reads {@link ImageSettings} from a {@code preprocessor_config.json}. */
final class ImageConfigs {
  private static final double USUAL_FACTOR = 1.0 / 255;
  private static final int LARGEST_EDGE = 8192;

  /** Steps that change the picture and are not made here. */
  private static final List<String> UNKNOWN =
      List.of(
          "do_pad",
          "do_thumbnail",
          "do_align_long_axis",
          "do_crop_margin",
          "do_convert_grayscale",
          "crop_pct",
          "keep_aspect_ratio",
          "ensure_multiple_of",
          "rescale_offset",
          "include_top");

  private ImageConfigs() {}

  static ImageSettings read(Configs configs) throws Exception {
    JsonNode config = configs.object(Configs.PREPROCESSOR);
    for (String step : UNKNOWN) {
      JsonNode value = config.path(step);
      if (value.asBoolean(false) || value.isNumber()) {
        throw broken("wants " + step + ", which this engine does not have");
      }
    }
    boolean normalize = config.path("do_normalize").asBoolean(config.has("image_mean"));
    return new ImageSettings(
        resize(config),
        resampler(config),
        crop(config),
        factor(config),
        normalize ? colors(config, "image_mean") : new double[] {0, 0, 0},
        normalize ? deviations(config) : new double[] {1, 1, 1},
        config.path("do_flip_channel_order").asBoolean(false));
  }

  private static Optional<ImageSettings.Resize> resize(JsonNode config) {
    JsonNode size = config.path("size");
    if (!config.path("do_resize").asBoolean(!size.isMissingNode()) || size.isMissingNode()) {
      return Optional.empty();
    }
    if (size.isNumber()) {
      int edge = edge(config, "size");
      return Optional.of(
          keepsProportions(config)
              ? new ImageSettings.ShortestEdge(edge, Optional.empty())
              : new ImageSettings.Exactly(new ImageSettings.Size(edge, edge)));
    }
    if (size.has("shortest_edge")) {
      Optional<Integer> longest =
          size.path("longest_edge").isNumber()
              ? Optional.of(edge(size, "longest_edge"))
              : Optional.empty();
      return Optional.of(new ImageSettings.ShortestEdge(edge(size, "shortest_edge"), longest));
    }
    return Optional.of(new ImageSettings.Exactly(size(size)));
  }

  /** What a size that is one number means was up to the class that read it. */
  private static boolean keepsProportions(JsonNode config) {
    String type =
        Configs.text(config, "image_processor_type")
            + Configs.text(config, "feature_extractor_type");
    return type.contains("CLIP");
  }

  private static Optional<ImageSettings.Size> crop(JsonNode config) {
    JsonNode size = config.path("crop_size");
    if (!config.path("do_center_crop").asBoolean(!size.isMissingNode()) || size.isMissingNode()) {
      return Optional.empty();
    }
    if (size.isNumber()) {
      int edge = edge(config, "crop_size");
      return Optional.of(new ImageSettings.Size(edge, edge));
    }
    return Optional.of(size(size));
  }

  private static ImageSettings.Size size(JsonNode size) {
    return new ImageSettings.Size(edge(size, "width"), edge(size, "height"));
  }

  private static int edge(JsonNode object, String name) {
    OptionalLong edge = Configs.positive(object, name);
    if (edge.isEmpty() || edge.getAsLong() > LARGEST_EDGE) {
      throw broken("has a " + name + " that is no number of pixels up to " + LARGEST_EDGE);
    }
    return (int) edge.getAsLong();
  }

  private static Resampler resampler(JsonNode config) {
    JsonNode number = config.path("resample");
    if (number.isMissingNode() || number.isNull()) {
      return Resampler.BILINEAR;
    }
    Resampler[] known = Resampler.values();
    int chosen = number.isInt() ? number.intValue() : -1;
    if (chosen < 0 || chosen >= known.length) {
      throw broken("has a resample that is none of 0 to " + (known.length - 1));
    }
    return known[chosen];
  }

  private static double factor(JsonNode config) {
    if (!config.path("do_rescale").asBoolean(true)) {
      return 1;
    }
    return config.path("rescale_factor").asDouble(USUAL_FACTOR);
  }

  private static double[] deviations(JsonNode config) {
    double[] deviations = colors(config, "image_std");
    if (Arrays.stream(deviations).anyMatch(deviation -> deviation == 0)) {
      throw broken("has an image_std of zero");
    }
    return deviations;
  }

  private static double[] colors(JsonNode config, String name) {
    JsonNode list = config.path(name);
    if (list.size() != Picture.BANDS || !list.valueStream().allMatch(JsonNode::isNumber)) {
      throw broken("has an " + name + " that is none of three numbers");
    }
    return list.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static EngineException broken(String what) {
    return Configs.broken(Configs.PREPROCESSOR, what, null);
  }
}
