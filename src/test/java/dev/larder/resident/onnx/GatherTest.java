package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Engine;
import dev.larder.resident.EngineException;
import dev.larder.resident.Engines;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import dev.larder.testing.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a repo an ONNX model is. */
class GatherTest {
  @TempDir private Path repo;

  @Test
  void repo_withMore_bringsOnlyTheModel() throws Exception {
    TestModels.miniLmQuantized(repo);
    for (String other : List.of("model.safetensors", "onnx/model_fp16.onnx", "README.md")) {
      Files.writeString(repo.resolve(other), "not for this engine");
    }
    Engine engine = Engines.installed().named("onnx").orElseThrow();
    ModelFiles files = DirectoryModelFiles.of(repo);

    assertThat(engine.suits(files.paths())).isTrue();
    assertThat(engine.gather(files, ModelOptions.NONE))
        .containsExactlyInAnyOrder(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "modules.json",
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            "1_Pooling/config.json",
            "onnx/model.onnx");
  }

  @Test
  void weights_ofSeveral_areTheUsualOrTheNamedOnes() {
    assertThat(chosen("model.onnx", "onnx/model.onnx", "b.onnx")).isEqualTo("onnx/model.onnx");
    assertThat(chosen("model.onnx", "b.onnx")).isEqualTo("model.onnx");
    assertThat(chosen("x/b.onnx", "pytorch_model.bin")).isEqualTo("x/b.onnx");
    assertThat(
            Weights.choose(
                List.of("model.onnx", "onnx/model_q8.onnx"),
                ModelOptions.ofFile("onnx/model_q8.onnx")))
        .isEqualTo("onnx/model_q8.onnx");
  }

  @Test
  void weights_thatNobodyCanGuess_areAskedFor() {
    assertThatThrownBy(() -> chosen("a.onnx", "b.onnx"))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("a.onnx, b.onnx")
        .hasMessageContaining("\"file\"");
    assertThatThrownBy(() -> chosen("model.safetensors", "pytorch_model.bin"))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("has no .onnx file")
        .hasMessageContaining("model.safetensors");
    assertThatThrownBy(
            () -> Weights.choose(List.of("a.onnx", "README.md"), ModelOptions.ofFile("c.onnx")))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("c.onnx");
    assertThatThrownBy(
            () -> Weights.choose(List.of("a.onnx", "README.md"), ModelOptions.ofFile("README.md")))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("README.md, which is no .onnx file");
  }

  @Test
  void weights_pickled_areRefusedWithTheReason() {
    for (String file :
        List.of(
            "pytorch_model.bin",
            "pytorch_model-00001-of-00002.bin",
            "sub/adapter_model.bin",
            "last.PT",
            "a.pth",
            "a.pkl",
            "a.ckpt",
            "a.joblib")) {
      assertThatThrownBy(() -> chosen("config.json", file))
          .as(file)
          .isInstanceOf(EngineException.UnsafeFormat.class)
          .hasMessageContaining(file)
          .hasMessageContaining("pickle");
      assertThatThrownBy(() -> Weights.choose(List.of("a.onnx", file), ModelOptions.ofFile(file)))
          .as(file)
          .isInstanceOf(EngineException.UnsafeFormat.class);
    }
    assertThatThrownBy(() -> chosen("opennlp-en-sentence.bin"))
        .isInstanceOf(EngineException.NothingUsable.class);
  }

  private static String chosen(String... paths) {
    return Weights.choose(List.of(paths), ModelOptions.NONE);
  }
}
