package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.Larder;
import dev.larder.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command beside another process that works on the same store. */
final class PatienceTest extends SiteFixture {
  private Process holder() throws IOException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StoreHolder.class.getName(),
                root.resolve("larder").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = holder.inputReader(StandardCharsets.UTF_8);
    assertThat(lines.readLine()).isEqualTo("held");
    return holder;
  }

  @Test
  void open_anotherCommandAtWork_saysWhomItWaitsForAndGoesOn() throws Exception {
    Process holder = holder();
    Instant start = holder.info().startInstant().orElseThrow();
    clock.pass(Duration.between(clock.instant(), start.plusSeconds(42)));
    List<String> said = new ArrayList<>();
    try (Larder larder =
        new HouseWorkshop(clock, Duration.ofSeconds(60))
            .open(
                settings(),
                line -> {
                  said.add(line);
                  holder.destroyForcibly();
                })) {
      assertThat(larder.list()).isEmpty();
    } finally {
      holder.destroyForcibly();
    }
    assertThat(said)
        .singleElement()
        .asString()
        .contains("process " + holder.pid() + " is working on " + root + " (for 42 s now)")
        .contains("60 s at most");
  }

  @Test
  void open_anotherCommandAtWorkForTooLong_isRefused() throws Exception {
    Process holder = holder();
    try {
      assertThatThrownBy(
              () -> new HouseWorkshop(clock, Duration.ofMillis(50)).open(settings(), _ -> {}))
          .isInstanceOf(StoreException.StoreBusy.class)
          .hasMessageContaining("process " + holder.pid() + " is still working on it");
    } finally {
      holder.destroyForcibly();
    }
  }
}
