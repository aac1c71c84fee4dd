package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.Larder;
import dev.larder.location.LocationException;
import dev.larder.settings.Settings;
import dev.larder.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command beside another process that works on the same store. */
final class PatienceTest extends SiteFixture {
  private Process holder() throws IOException {
    return holder(root);
  }

  private static Process holder(Path root) throws IOException {
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

  /** As {@code larder move} leaves it, while {@code location} waits. */
  private static void moveAway(Path from, Path to) {
    try {
      Files.writeString(from.resolve("larder.moved"), "location 1\nrename\n" + to + "\n\n");
      Files.createDirectories(to);
      Files.move(from.resolve("larder"), to.resolve("larder"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"primary", "secondary"})
  void open_locationThatMovedWhileThisWaited_isNotBegunAnew(String name) throws Exception {
    Path second = Files.createDirectories(root.resolve("second"));
    Settings both =
        settings("HOME", root.resolve("first").toString(), "SECONDARY_CACHE", second.toString());
    new HouseWorkshop(clock).open(both, _ -> {}).close();
    Path location = name.equals("primary") ? root.resolve("first") : second;
    Path moved = root.resolve("moved");
    Process holder = holder(location);
    try {
      assertThatThrownBy(
              () ->
                  new HouseWorkshop(clock)
                      .open(
                          both,
                          _ -> {
                            moveAway(location, moved);
                            holder.destroyForcibly();
                          }))
          .isInstanceOf(LocationException.Moved.class)
          .hasMessageContaining(name)
          .hasMessageContaining("moved to " + moved);
    } finally {
      holder.destroyForcibly();
    }
    assertThat(location.resolve("larder")).doesNotExist();
  }
}
