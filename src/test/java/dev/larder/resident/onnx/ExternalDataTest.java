package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.EngineException;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights beside the model. */
class ExternalDataTest {
  @TempDir private Path repo;

  @Test
  void weights_beside_areBroughtAndUsed() throws Exception {
    write("onnx/model.onnx", TinyOnnx.addingFrom("parts/w.bin", 4, 2));
    write("onnx/parts/w.bin", TinyOnnx.bytes(9, 10, 20));
    write("onnx/other.bin", new byte[5]);

    assertThat(new OnnxEngine().gather(DirectoryModelFiles.of(repo), ModelOptions.NONE))
        .containsExactly("onnx/model.onnx", "onnx/parts/w.bin");
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    Tensor y =
        ((TensorModel) loaded.model())
            .run(Map.of("x", new Tensor.Floats(new float[] {1, 2}, 1, 2)))
            .get("y");
    loaded.closing().close();

    assertThat(((Tensor.Floats) y).values()).containsExactly(11, 22);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.bin",
        "/etc/passwd",
        "a/../../secret.bin",
        "./w.bin",
        "a//b",
        "a\\b",
        "C:w.bin",
        "w\0.bin",
        "",
        "*/_ORT_MEM_ADDR_/*",
        "missing.bin"
      })
  void weights_whereNoneMayBe_areNotOpened(String location) throws Exception {
    write("secret.bin", new byte[64]);
    write("onnx/w.bin", new byte[64]);
    write("onnx/*/_ORT_MEM_ADDR_/*", new byte[64]);
    write("onnx/model.onnx", TinyOnnx.addingFrom(location, 0, 2));

    assertThatThrownBy(
            () -> new OnnxEngine().gather(DirectoryModelFiles.of(repo), ModelOptions.NONE))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining("onnx/model.onnx keeps weights in")
        .hasMessageNotContaining("\0");
  }

  @Test
  void weights_shorterThanTheModelNeeds_areRefused() throws Exception {
    write("model.onnx", TinyOnnx.addingFrom("w.bin", 4, 2));
    write("w.bin", TinyOnnx.bytes(9, 10));

    assertThatThrownBy(() -> OnnxModels.load(repo))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessage("model.onnx needs 12 bytes of w.bin, which has 8.");
  }

  @Test
  void weights_thatAreALink_areNotMapped() throws Exception {
    write("model.onnx", TinyOnnx.addingFrom("w.bin", 0, 2));
    write("blobs/1", TinyOnnx.bytes(9, 10));
    Files.createSymbolicLink(repo.resolve("w.bin"), Path.of("blobs/1"));

    assertThatThrownBy(() -> OnnxModels.load(repo)).hasMessageContaining("is a link");
  }

  private void write(String path, byte[] bytes) throws Exception {
    Path file = repo.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }
}
