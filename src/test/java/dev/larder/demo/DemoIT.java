package dev.larder.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, as a user runs it, from the packaged jar and with the real model. */
class DemoIT {
  private static final long LIMIT_SECONDS = 120;

  @TempDir Path directory;

  @Test
  void demo_once_tellsTheStoryAndLeavesNothing() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path out = directory.resolve("out");
    Process demo = demo(temporary, out);

    boolean ended = demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    demo.destroyForcibly();

    String told = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(ended).as("ended within %d s, having said:%n%s", LIMIT_SECONDS, told).isTrue();
    assertThat(demo.exitValue()).as(told).isZero();
    assertThat(told).contains("1 damaged, 1 repaired", "16 of 16 got the right bytes", "all saved");
    assertThat(told).contains("A and C: cosine 0.", "\"total_entries\" : 1");
    assertThat(leftovers(temporary)).isEmpty();
  }

  private Process demo(Path temporary, Path out) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-jar",
            Path.of("target", "larder.jar").toAbsolutePath().toString(),
            "demo",
            "--once");
    // A user's own settings must not matter.
    builder.environment().put("LARDER_OFFLINE", "true");
    builder.environment().put("LARDER_HOME", directory.resolve("not-mine").toString());
    return builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  /** Only what Larder names after itself: libraries leave natives of their own. */
  private static Stream<Path> leftovers(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(f -> f.getFileName().toString().startsWith("larder")).toList().stream();
    }
  }
}
