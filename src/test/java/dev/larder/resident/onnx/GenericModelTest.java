package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tensors in, tensors out. */
class GenericModelTest {
  @TempDir private Path repo;

  @Test
  void model_ofTensors_runs() throws Exception {
    Files.write(repo.resolve("sum.onnx"), TinyOnnx.adding(10, 20));
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    TensorModel model = (TensorModel) loaded.model();

    assertThat(model.engine()).isEqualTo("onnx");
    assertThat(model).isNotInstanceOf(TextEmbedder.class).isNotInstanceOf(ImageEmbedder.class);
    assertThat(model.inputs())
        .containsExactly(new TensorModel.Port("x", Tensor.Type.FLOAT, List.of(-1L, 2L)));
    assertThat(model.outputs())
        .containsExactly(new TensorModel.Port("y", Tensor.Type.FLOAT, List.of(-1L, 2L)));
    Tensor y = model.run(Map.of("x", floats(2, 2))).get("y");
    assertThat(((Tensor.Floats) y).values()).containsExactly(10, 21, 12, 23);
    assertThat(y.shape()).containsExactly(2, 2);

    loaded.closing().close();
    assertThatThrownBy(() -> model.run(Map.of("x", floats(1, 2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model sum.onnx is closed");
  }

  @Test
  void inputs_thatAreNotTheModels_areRefusedWithWhatItTakes() throws Exception {
    Files.write(repo.resolve("sum.onnx"), TinyOnnx.adding(10, 20));
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    TensorModel model = (TensorModel) loaded.model();

    refused(model, Map.of(), "takes the inputs [x], not []");
    refused(model, Map.of("z", floats(1, 2)), "takes the inputs [x], not [z]");
    refused(model, Map.of("x", floats(1, 3)), "x has the shape [-1, 2], not [1, 3]");
    refused(model, Map.of("x", floats(2)), "x has the shape [-1, 2], not [2]");
    refused(
        model,
        Map.of("x", new Tensor.Longs(new long[2], 1, 2)),
        "x takes floating point numbers, not integers");
    loaded.closing().close();
  }

  private static void refused(TensorModel model, Map<String, Tensor> inputs, String why) {
    assertThatThrownBy(() -> model.run(inputs))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageContaining(why);
  }

  private static Tensor floats(long... shape) {
    int count = 1;
    for (long length : shape) {
      count *= (int) length;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return new Tensor.Floats(values, shape);
  }

  @Test
  void textModel_withoutATokenizer_isATensorModel() throws Exception {
    TestModels.miniLmQuantized(repo);
    Files.delete(repo.resolve("tokenizer.json"));
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    TensorModel model = (TensorModel) loaded.model();

    assertThat(model).isNotInstanceOf(TextEmbedder.class);
    Tensor ids = new Tensor.Longs(new long[] {101, 4937, 102}, 1, 3);
    Tensor ones = new Tensor.Longs(new long[] {1, 1, 1}, 1, 3);
    Tensor types = new Tensor.Longs(new long[3], 1, 3);
    Map<String, Tensor> made =
        model.run(Map.of("input_ids", ids, "attention_mask", ones, "token_type_ids", types));
    assertThat(made.values().iterator().next().shape()).containsExactly(1, 3, 384);
    loaded.closing().close();
  }

  @Test
  void files_brokenInside_areRefusedInOneLine() throws Exception {
    byte[] model = TinyOnnx.adding(10, 20);
    model[model.length - 1] = 99; // An operator set of the future.
    Files.write(repo.resolve("sum.onnx"), model);

    assertThatThrownBy(() -> OnnxModels.load(repo))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageStartingWith("Tried to load sum.onnx, but the runtime says:")
        .hasMessageNotContaining(repo.toString())
        .hasMessageNotContaining("\n");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void file_ofALoadedModel_isNotMapped() throws Exception {
    TestModels.miniLmQuantized(repo);
    Loaded<? extends Model> loaded = OnnxModels.load(repo);

    assertThat(Files.readString(Path.of("/proc/self/maps")))
        .contains("libonnxruntime")
        .doesNotContain(repo.toString())
        .doesNotContain("model.onnx");
    loaded.closing().close();
  }

  @Test
  void runtime_asItIsTaken_hasNoWayToTellItsMaker() throws Exception {
    try (InputStream library =
        OrtEnvironment.class.getResourceAsStream("native/linux-x64/libonnxruntime.so")) {
      String bytes =
          new String(Objects.requireNonNull(library).readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(bytes.contains("OneCollector")).as("sends events over HTTPS").isFalse();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void libraries_unpacked_leaveNothing() throws Exception {
    Natives.runtime();
    Natives.tokenizers();

    List<String> libraries =
        Files.readAllLines(Path.of("/proc/self/maps")).stream()
            .filter(line -> line.contains("libonnxruntime") || line.contains("libtokenizers"))
            .toList();
    assertThat(libraries)
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line).endsWith(" (deleted)");
              String file = line.substring(line.indexOf('/')).replace(" (deleted)", "");
              assertThat(Path.of(file).getParent()).doesNotExist();
            });
  }
}
