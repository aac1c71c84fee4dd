package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.larder.resident.EngineException;
import dev.larder.resident.onnx.ModelOutline.External;
import dev.larder.testing.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in ONNX files, real ones and hostile ones. */
class OutlineReaderTest {
  @TempDir private Path scratch;

  @Test
  void models_real_areKnownForWhatTheyAre() throws Exception {
    ModelOutline exact = outline(TestModels.miniLm(scratch.resolve("exact")));
    ModelOutline quantized = outline(TestModels.miniLmQuantized(scratch.resolve("quantized")));

    assertThat(exact.quantizesInputs()).isFalse();
    assertThat(exact.external()).isEmpty();
    assertThat(quantized.quantizesInputs()).isTrue();
  }

  private static ModelOutline outline(Path repo) throws IOException {
    return OutlineReader.read(repo.resolve("onnx/model.onnx"), "onnx/model.onnx");
  }

  @Test
  void weights_elsewhere_areFoundWhereverTheyAreNamed() throws Exception {
    assertThat(read(TinyOnnx.addingFrom("w.bin", 4096, 3)).external())
        .containsExactly(new External("w.bin", 4096 + 12));
    assertThat(read(TinyOnnx.hidden("../secret")).external())
        .containsExactly(new External("../secret", 0));
    assertThat(read(TinyOnnx.adding(1, 2)).external()).isEmpty();
  }

  @Test
  void parts_tooDeepInEachOther_areRefused() throws Exception {
    assertThat(read(TinyOnnx.nested(30)).external()).isEmpty();
    assertThatThrownBy(() -> read(TinyOnnx.nested(2000)))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining("deep");
  }

  @Test
  void files_thatAreNoModel_areRefused() {
    for (String text : new String[] {"", "{}", "version https://git-lfs.github.com/spec/v1\n"}) {
      assertThatThrownBy(() -> read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
          .isInstanceOf(EngineException.Broken.class)
          .hasMessageContaining("m.onnx");
    }
  }

  @Test
  void places_beyondAllFiles_areRefused() {
    assertThatThrownBy(() -> read(TinyOnnx.addingFrom("w", Long.MAX_VALUE, 3)))
        .isInstanceOf(EngineException.Broken.class);
    assertThatThrownBy(() -> read(TinyOnnx.addingFrom("w", -5, 3)))
        .isInstanceOf(EngineException.Broken.class);
  }

  @Test
  void files_cutAnywhere_areReadOrRefused() throws Exception {
    byte[] model = TinyOnnx.addingFrom("weights.bin", 64, 5);
    for (int length = 0; length < model.length; length++) {
      readOrRefused(Arrays.copyOf(model, length), "cut to " + length);
    }
  }

  @Test
  void files_changedAnywhere_areReadOrRefused() throws Exception {
    long seed = 20_261_122;
    Random random = new Random(seed);
    byte[][] models = {
      TinyOnnx.addingFrom("weights.bin", 64, 5),
      TinyOnnx.adding(1, 2, 3),
      TinyOnnx.hidden("x"),
      TinyOnnx.nested(20)
    };
    for (int round = 0; round < 20_000; round++) {
      byte[] model = models[round % models.length].clone();
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        model[random.nextInt(model.length)] = (byte) random.nextInt(256);
      }
      readOrRefused(model, "seed " + seed + ", round " + round);
    }
  }

  private void readOrRefused(byte[] bytes, String which) throws IOException {
    try {
      ModelOutline outline = read(bytes);
      assertThat(outline.external()).allSatisfy(e -> assertThat(e.endBytes()).isNotNegative());
    } catch (EngineException.Broken e) {
      assertThat(e).hasMessageContaining("m.onnx");
    } catch (RuntimeException | StackOverflowError e) {
      fail(which, e);
    }
  }

  private ModelOutline read(byte[] bytes) throws IOException {
    Path file = scratch.resolve("m.onnx");
    Files.write(file, bytes);
    return OutlineReader.read(file, "m.onnx");
  }
}
