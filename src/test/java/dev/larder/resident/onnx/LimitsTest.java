package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Ec2Utils;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model or an input cannot do to the process. */
class LimitsTest {
  private static final int TEXTS = 16;
  private static final int TOKENS = 256;

  @TempDir private Path repo;

  @Test
  void tokenizer_thatIsMade_tellsNobody() throws Exception {
    TestModels.miniLmQuantized(repo);
    Loaded<? extends Model> loaded = OnnxModels.load(repo);

    assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    Field told = Ec2Utils.class.getDeclaredField("lastCheckIn");
    told.setAccessible(true);
    assertThat(told.getLong(null)).isZero();
    loaded.closing().close();
  }

  @Test
  void file_ofTheRuntimesOwnFormat_isNoModel() throws Exception {
    Files.write(repo.resolve("model.ort"), TinyOnnx.addingFrom("elsewhere", 0, 2));

    assertThatThrownBy(() -> OnnxModels.load(repo))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("model.ort");
  }

  @Test
  void run_thatTakesTooLong_isEnded() throws Exception {
    TestModels.miniLm(repo);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (String name : Set.of("input_ids", "attention_mask", "token_type_ids")) {
      inputs.put(
          name,
          OnnxTensor.createTensor(
              Natives.runtime(), LongBuffer.allocate(TEXTS * TOKENS), new long[] {TEXTS, TOKENS}));
    }
    try (OrtSession session =
            Natives.runtime().createSession(repo.resolve("onnx/model.onnx").toString());
        Deadline deadline = Deadline.of(Duration.ofMillis(1))) {
      assertThatThrownBy(() -> session.run(inputs, deadline.options()))
          .isInstanceOf(OrtException.class)
          .hasMessageContaining("terminate");
      assertThat(deadline.passed()).isTrue();
    }
    inputs.values().forEach(OnnxTensor::close);
  }

  @Test
  void text_thatNeedsMoreMemoryThanThereIs_isRefusedWithBothNumbers() {
    assertThatThrownBy(() -> RunMemory.take(1, 2_000_000, 16))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageMatching(
            "A text of 2000000 tokens needs about \\d+ MB of memory .*, and \\d+ MB may be used.*");
  }

  @Test
  void text_ofMillionsOfCharacters_isCutBeforeItIsTakenApart() throws Exception {
    TestModels.miniLmQuantized(repo);
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    TextEmbedder embedder = (TextEmbedder) loaded.model();
    String some = "once upon a time ".repeat(1000);

    List<float[]> vectors =
        embedder.embed(List.of(some, some.repeat(400)), Optional.empty()).vectors();

    assertThat(vectors.get(1)).isEqualTo(vectors.get(0));
    loaded.closing().close();
  }

  @Test
  void configuration_thatIsHuge_isNotRead() throws Exception {
    TestModels.miniLmQuantized(repo);
    Files.writeString(repo.resolve("config.json"), "{}" + " ".repeat(17 << 20));

    assertThatThrownBy(() -> OnnxModels.load(repo))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining("config.json has 17825794 bytes");
  }

  @Test
  void picture_thatGrowsWithoutMeasure_isRefused() throws Exception {
    Files.write(repo.resolve("model.onnx"), TinyOnnx.averaging("image_embeds"));
    Files.writeString(
        repo.resolve("preprocessor_config.json"),
        "{\"do_resize\": true, \"size\": {\"shortest_edge\": 224}}");
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(1, 60_000, BufferedImage.TYPE_INT_RGB), "png", file);

    assertThatThrownBy(
            () -> ((ImageEmbedder) loaded.model()).embedImages(List.of(file.toByteArray())))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageContaining("224 x 13440000 pixels");
    loaded.closing().close();
  }
}
