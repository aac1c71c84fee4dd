package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** llama.cpp, unchanged: it fetches a model by name, loads it and runs it. */
class LlamaIT {
  @TempDir private Path scratch;

  private static final byte[] MODEL = TinyGguf.bytes();
  private static final String FILE = "tiny-F32.gguf";

  @BeforeEach
  void needLlama() {
    RealClients.needLlama();
  }

  @ParameterizedTest
  @ValueSource(strings = {"by name", "by address"})
  void model_coldWarmAndWithoutTheHub_isLoadedAndRuns(String how) throws Exception {
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub)) {
      hub.model("demo/tiny").lfs(FILE, MODEL).file("config.json", "{}").commit("main");
      String[] which =
          how.equals("by name")
              ? new String[] {"-hf", "demo/tiny"}
              : new String[] {"--model-url", larder.endpoint() + "/demo/tiny/resolve/main/" + FILE};

      run(larder, "first", which);
      assertThat(hub.downloads(FILE)).hasSize(1);
      assertThat(hub.fileBytesSent()).isEqualTo(MODEL.length);
      hub.clearLog();
      run(larder, "second", which);
      assertThat(FilledHub.asked(hub)).isEmpty();
      hub.away();
      run(larder, "third", which);
    }
  }

  @Test
  void download_killedInTheMiddle_goesOnFromThere() throws Exception {
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub);
        Wiretap tap = Wiretap.before(larder)) {
      hub.model("demo/tiny").lfs(FILE, MODEL).commit("main");
      String[] which = {"--model-url", tap.endpoint() + "/demo/tiny/resolve/main/" + FILE};
      // What comes at once is held at once: this lets all but the last piece through.
      Wiretap.Hold hold = tap.holdAfter(MODEL.length - 10_000);
      Path cache = Files.createDirectories(scratch.resolve("killed"));

      Client client = start(tap.endpoint(), cache, which);
      hold.awaitReached();
      client.awaitBytesIn(cache.resolve(FILE + ".downloadInProgress"));
      client.interrupt();
      hold.release();
      int before = tap.exchanges().size();
      start(tap.endpoint(), cache, which).said().well();

      assertThat(cache.resolve(FILE)).hasBinaryContent(MODEL);
      assertThat(tap.exchanges().subList(before, tap.exchanges().size()))
          .anyMatch(e -> e.status() == 206 && e.asked("range").orElse("").matches("bytes=[1-9].*"));
      assertThat(hub.fileBytesSent()).isEqualTo(MODEL.length);
    }
  }

  private static Client start(String endpoint, Path cache, String... which) throws Exception {
    Map<String, String> client = Map.of("HF_ENDPOINT", endpoint, "LLAMA_CACHE", cache.toString());
    List<String> command = new ArrayList<>(List.of("llama-completion"));
    command.addAll(List.of(which));
    command.addAll(List.of("-p", "x", "-n", "1", "-no-cnv"));
    return RealClients.inChroot(client, command.toArray(String[]::new));
  }

  /** As a user with an empty cache does, whose file is then compared. */
  private void run(LarderProcess larder, String user, String... which) throws Exception {
    Path cache = scratch.resolve(user);
    start(larder.endpoint(), cache, which).said().well();
    try (var files = Files.walk(cache)) {
      assertThat(files.filter(file -> file.toString().endsWith(".gguf")))
          .singleElement()
          .satisfies(file -> assertThat(file).hasBinaryContent(MODEL));
    }
  }
}
