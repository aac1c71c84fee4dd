package dev.larder.resident.opennlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.Loaded;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.TextAnalyzer;
import dev.larder.testing.TestModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That models take as much heap as is reserved for them. */
class HeapTest {
  @TempDir Path repo;

  @Test
  void heap_thatModelsTake_isAboutTheirEstimate() throws Exception {
    OpenNlpEngine engine = new OpenNlpEngine();
    TestModels.openNlp(repo);
    RepoFiles files = new RepoFiles(repo);
    engine.gather(files, ModelOptions.NONE);
    // What OpenNLP and the JDK load and make for themselves when they are first used.
    engine.load(files, ModelOptions.NONE).closing().close();

    long before = heap();
    Loaded<TextAnalyzer> loaded = engine.load(files, ModelOptions.NONE);
    long with = heap();
    loaded.closing().close();
    long after = heap();

    System.out.printf(
        "OpenNLP: estimated %,d bytes, %,d on the heap, %,d after closing%n",
        loaded.bytes(), with - before, after - before);
    assertThat(with - before).isBetween(loaded.bytes() * 6 / 10, loaded.bytes() * 12 / 10);
    assertThat(after - before).isLessThan(loaded.bytes() / 10);
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }
}
