package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** llama.cpp, unchanged: it fetches a model by name, loads it and runs it. */
class LlamaIT {
  @TempDir private Path scratch;

  @Test
  void model_firstFromTheHubThenWithoutIt_isLoadedAndRuns() throws Exception {
    RealClients.needLlama();
    byte[] model = TinyGguf.bytes();
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder =
            LarderProcess.start(
                scratch.resolve("home"), hub.uri(), scratch.resolve("larder.log"))) {
      hub.model("demo/tiny").lfs("tiny-F32.gguf", model).file("config.json", "{}").commit("main");

      run(larder, "first");
      assertThat(hub.downloads("tiny-F32.gguf")).hasSize(1);
      hub.away();
      Path cache = run(larder, "second");

      try (var files = Files.walk(cache)) {
        assertThat(files.filter(file -> file.endsWith("tiny-F32.gguf")))
            .singleElement()
            .satisfies(file -> assertThat(file).hasBinaryContent(model));
      }
    }
  }

  /** As a user with an empty cache does; answers where that is. */
  private Path run(LarderProcess larder, String user) throws Exception {
    Path cache = scratch.resolve(user);
    Map<String, String> client =
        Map.of("HF_ENDPOINT", larder.endpoint(), "LLAMA_CACHE", cache.toString());
    RealClients.python(
            client, "llama-completion", "-hf", "demo/tiny", "-p", "x", "-n", "1", "-no-cnv")
        .well();
    return cache;
  }
}
