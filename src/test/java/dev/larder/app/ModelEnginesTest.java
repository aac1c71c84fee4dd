package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.LocalModels;
import dev.larder.models.ModelName;
import dev.larder.models.ModelsException;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.testing.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which engine loads a repo when its registration names none: the engines of the program. */
final class ModelEnginesTest extends SiteFixture {
  private static final ModelName NAME = new ModelName("some");

  @TempDir Path plain;

  private LocalModels register(Optional<String> file) {
    LocalModels models = server().house().models();
    RegisteredModel _ =
        models.register(
            new Registration(
                NAME, RepoId.model("o/r"), Revision.MAIN, "primary", Optional.empty(), file));
    return models;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "adapter_model.bin", "weights.pkl", "last.pt"})
  void repo_withPicklesAlone_isRefusedWithTheReason(String file) {
    repo.lfs(file, "cos\nsystem".getBytes()).file("config.json", "{}").commit("main");
    LocalModels models = register(Optional.empty());

    assertThatThrownBy(() -> models.load(NAME, Caller.ANONYMOUS, PullListener.NONE))
        .isInstanceOf(ModelsException.Unsafe.class)
        .hasMessageContaining(file)
        .hasMessageContaining("run any code");
    assertThatThrownBy(() -> models.pull(NAME, Caller.ANONYMOUS, PullListener.NONE))
        .isInstanceOf(ModelsException.Unsafe.class);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void pickle_thatIsNamed_isRefusedWithTheReason() {
    repo.lfs("pytorch_model.bin", "cos\nsystem".getBytes())
        .lfsGenerated("model.safetensors", 1000, 1)
        .commit("main");
    LocalModels models = register(Optional.of("pytorch_model.bin"));

    assertThatThrownBy(() -> models.load(NAME, Caller.ANONYMOUS, PullListener.NONE))
        .isInstanceOf(ModelsException.Unsafe.class)
        .hasMessageContaining("pytorch_model.bin");
  }

  @Test
  void repo_withOtherWeightsToo_isSaidToHaveNothingUsable() {
    repo.lfs("pytorch_model.bin", "cos\nsystem".getBytes())
        .lfsGenerated("model.safetensors", 1000, 1)
        .commit("main");
    LocalModels models = register(Optional.empty());

    assertThatThrownBy(() -> models.load(NAME, Caller.ANONYMOUS, PullListener.NONE))
        .isInstanceOf(ModelsException.NothingUsable.class)
        .hasMessageContaining("onnx, opennlp")
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void file_ofAnyName_isLoadedByTheEngineThatItIsFor() throws IOException {
    Path _ = TestModels.openNlp(plain);
    byte[] languages = Files.readAllBytes(plain.resolve("langdetect-183.bin"));
    repo.lfs("mymodel.bin", languages).lfs("model.onnx", new byte[] {1}).commit("main");
    LocalModels models = register(Optional.of("mymodel.bin"));

    RegisteredModel loaded = models.load(NAME, Caller.ANONYMOUS, PullListener.NONE);

    assertThat(loaded.pulled().get().engine()).isEqualTo("opennlp");
    assertThat(hub.downloads("model.onnx")).isEmpty();
  }
}
