package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/design/resident.md}, as a program would write it. */
class EmbeddingExampleTest {
  private static final int BYTES = 300_000_000;

  /** Any class of yours; it needs no type of Larder. */
  static final class SentenceModel implements AutoCloseable {
    private boolean closed;

    float[] embed(String text) {
      return new float[] {text.length()};
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void example_runsAsWritten() {
    List<String> log = new ArrayList<>();
    SentenceModel made = new SentenceModel();

    // example begins
    ResidentSettings settings =
        ResidentSettings.ofBudget(4_000_000_000L).withKeepAlive(Duration.ofMinutes(30));
    ModelKey<SentenceModel> key = ModelKey.of("all-MiniLM-L6-v2", SentenceModel.class);
    ModelLoader<SentenceModel> loader = ModelLoader.of(BYTES, () -> Loaded.of(made, BYTES));

    try (ResidentModels models =
        ResidentModels.open(settings, InstantSource.system(), event -> log.add(event.toString()))) {
      models.pin(key, "search");
      for (String text : List.of("one", "two")) {
        try (Lease<SentenceModel> lease = models.acquire(key, loader, "request 17")) {
          float[] vector = lease.model().embed(text);
          log.add(lease.hit() + " " + vector[0]);
        } catch (ResidentException e) {
          log.add(e.code() + ": " + e.getMessage());
        }
      }
    }
    // example ends

    assertThat(log).contains("false 3.0", "true 3.0");
    assertThat(made.closed).isTrue();
  }

  @Test
  void page_showsTheExample() throws IOException {
    Path source = Path.of("src/test/java/dev/larder/resident/EmbeddingExampleTest.java");
    String example =
        Files.readString(source)
            .lines()
            .dropWhile(line -> !line.strip().equals("// example begins"))
            .skip(1)
            .takeWhile(line -> !line.strip().equals("// example ends"))
            .collect(Collectors.joining("\n"))
            .stripIndent();

    assertThat(Path.of("docs/design/resident.md")).content().contains(example);
  }
}
