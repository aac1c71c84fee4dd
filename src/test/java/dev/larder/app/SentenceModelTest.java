package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.LocalModels;
import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real sentence model, from its hub into the memory of a server. */
final class SentenceModelTest extends SiteFixture {
  private static final ModelName NAME = new ModelName("mini");
  @TempDir Path files;

  private void fill() throws IOException {
    Path model = TestModels.miniLmQuantized(files);
    try (Stream<Path> all = Files.walk(model)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = model.relativize(file).toString();
        if (path.endsWith(".onnx")) {
          repo.lfs(path, Files.readAllBytes(file));
        } else {
          repo.file(path, Files.readAllBytes(file));
        }
      }
    }
    repo.lfsGenerated("pytorch_model.bin", 9_000_000, 1)
        .lfsGenerated("onnx/model_O4.onnx", 9_000_000, 2)
        .file("README.md", "x")
        .commit("main");
  }

  private double alike(List<float[]> vectors, int a, int b) {
    double sum = 0;
    for (int i = 0; i < vectors.get(a).length; i++) {
      sum += vectors.get(a)[i] * vectors.get(b)[i];
    }
    return sum;
  }

  @Test
  void sentences_ofAModelThatIsOnlyRegistered_areEmbedded() throws IOException {
    fill();
    LocalModels models = server().house().models();
    models.register(
        new Registration(
            NAME,
            RepoId.model("o/r"),
            Revision.MAIN,
            "primary",
            Optional.empty(),
            Optional.empty()));

    try (Lease<Model> lease = models.loaded().acquire("mini", Caller.ANONYMOUS, "a test")) {
      List<float[]> vectors =
          ((TextEmbedder) lease.model())
              .embed(
                  List.of(
                      "The cat sits on the mat.",
                      "A kitten is sitting on a rug.",
                      "Stocks fell sharply on Monday."),
                  Optional.empty())
              .vectors();
      assertThat(vectors.getFirst()).hasSize(384);
      assertThat(alike(vectors, 0, 1)).isGreaterThan(alike(vectors, 0, 2) + 0.3);
    }
    assertThat(hub.downloads("pytorch_model.bin")).isEmpty();
    assertThat(hub.downloads("model_O4.onnx")).isEmpty();
    assertThat(hub.downloads("README.md")).isEmpty();
    assertThat(hub.fileBytesSent()).isBetween(23_000_000L, 26_000_000L);
    RegisteredModel loaded = models.get(NAME);
    assertThat(loaded.pulled().get().engine()).isEqualTo("onnx");
    assertThat(loaded.loaded().get().accesses()).isEqualTo(1);
  }

  @Test
  void unload_andLoadAgain_askNobodyForBytes() throws IOException {
    fill();
    LocalModels models = server().house().models();
    models.register(
        new Registration(
            NAME,
            RepoId.model("o/r"),
            Revision.MAIN,
            "primary",
            Optional.empty(),
            Optional.empty()));
    RegisteredModel _ = models.load(NAME, Caller.ANONYMOUS, PullListener.NONE);
    long sent = hub.fileBytesSent();

    assertThat(models.unload(NAME).loaded()).isEmpty();
    assertThat(models.load(NAME, Caller.ANONYMOUS, PullListener.NONE).loaded()).isPresent();

    assertThat(hub.fileBytesSent()).isEqualTo(sent);
  }
}
