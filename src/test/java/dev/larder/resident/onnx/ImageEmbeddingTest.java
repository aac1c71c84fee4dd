package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.TensorModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of pictures, by a model whose vector is the mean colour of what it is given. */
class ImageEmbeddingTest {
  private static final String CLIP =
      """
      {"do_resize": true, "size": {"shortest_edge": 32}, "resample": 3,
       "do_center_crop": true, "crop_size": {"height": 32, "width": 32},
       "do_rescale": true, "rescale_factor": 0.00392156862745098,
       "do_normalize": true, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.5, 0.25, 0.1]}
      """;

  @TempDir private Path repo;

  @Test
  void pictures_areSizedCutScaledAndNormalized() throws Exception {
    Loaded<? extends Model> loaded = model("features", CLIP);
    ImageEmbedder model = (ImageEmbedder) loaded.model();

    assertThat(model).isInstanceOf(TensorModel.class);
    assertThat(model.imageDimensions()).isEqualTo(3);
    // Red far outside of the middle square, which alone is kept.
    byte[] wide = png(200, 100, 40, 160, 0x336699);
    float[] vector = model.embedImages(List.of(png(8, 8, 0, 8, 0xFFFFFF), wide)).vectors().get(1);
    assertThat(vector[0]).isCloseTo((0x33 / 255f - 0.5f) / 0.5f, within(0.02f));
    assertThat(vector[1]).isCloseTo((0x66 / 255f - 0.4f) / 0.25f, within(0.02f));
    assertThat(vector[2]).isCloseTo((0x99 / 255f - 0.3f) / 0.1f, within(0.02f));
    assertThat(model.embedImages(List.of()).vectors()).isEmpty();
    loaded.closing().close();
    assertThatThrownBy(() -> model.embedImages(List.of(wide)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void picture_smallerThanTheCut_isFilledUpWithBlack() throws Exception {
    Loaded<? extends Model> loaded =
        model("features", "{\"crop_size\": 20, \"do_normalize\": false}");
    ImageEmbedder model = (ImageEmbedder) loaded.model();

    float[] vector = model.embedImages(List.of(png(10, 10, 0, 10, 0xFFFFFF))).vectors().getFirst();
    assertThat(vector).containsExactly(new float[] {0.25f, 0.25f, 0.25f}, within(1e-5f));
    loaded.closing().close();
  }

  @Test
  void vector_projected_isMadeOneLong() throws Exception {
    Loaded<? extends Model> loaded =
        model("image_embeds", "{\"size\": 8, \"do_normalize\": false}");
    ImageEmbedder model = (ImageEmbedder) loaded.model();

    float[] vector = model.embedImages(List.of(png(10, 10, 0, 10, 0xFF00FF))).vectors().getFirst();
    assertThat(vector[0]).isCloseTo((float) Math.sqrt(0.5), within(1e-5f));
    assertThat(OnnxModels.length(vector)).isCloseTo(1, within(1e-5));
    loaded.closing().close();
  }

  @Test
  void model_withoutPreprocessing_takesTensorsAlone() throws Exception {
    Files.write(repo.resolve("model.onnx"), TinyOnnx.averaging("features"));
    Loaded<? extends Model> loaded = OnnxModels.load(repo);

    assertThat(loaded.model()).isNotInstanceOf(ImageEmbedder.class);
    loaded.closing().close();
  }

  @Test
  void preprocessing_thatIsNotUnderstood_isRefused() {
    refused("{\"size\": {\"height\": 0, \"width\": 9}}", "height");
    refused("{\"size\": 100000}", "size");
    refused("{\"resample\": 9}", "resample");
    refused("{\"image_mean\": [1, 2]}", "image_mean");
    refused("{\"image_mean\": [1, 2, 3], \"image_std\": [1, 0, 3]}", "image_std");
    refused("{\"size\": 224, \"crop_pct\": 0.875}", "crop_pct");
    refused("{\"do_pad\": true}", "do_pad");
    refused("[1]", "no JSON object");
    refused("{", "no JSON");
  }

  private void refused(String config, String why) {
    assertThatThrownBy(() -> model("features", config))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageStartingWith("preprocessor_config.json")
        .hasMessageContaining(why);
  }

  private Loaded<? extends Model> model(String output, String config) throws Exception {
    Files.write(repo.resolve("model.onnx"), TinyOnnx.averaging(output));
    Files.writeString(repo.resolve("preprocessor_config.json"), config);
    return OnnxModels.load(repo);
  }

  /** Of {@code color} from column {@code from} to {@code to}, red elsewhere. */
  private static byte[] png(int width, int height, int from, int to, int color) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, x >= from && x < to ? color : 0xFF0000);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
