package dev.larder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jazzer looks for inputs that no reader of strangers' bytes foresaw, from those that are kept on,
 * in a process for each. What it finds lies in {@code target/fuzz}; mended, it is to be kept too.
 */
class FuzzCampaign {
  private static final int SECONDS = Integer.getInteger("larder.fuzz.seconds", 40);
  private static final Path FOUND = Path.of("target", "fuzz").toAbsolutePath();

  @TempDir Path scratch;

  @ParameterizedTest
  @EnumSource
  @Timeout(3600)
  void jazzer_findsNoInputThatIsNeitherReadNorRefused(FuzzTargets target) throws Exception {
    Files.createDirectories(FOUND);
    Path added = Files.createDirectory(scratch.resolve("added"));
    Path said = scratch.resolve("said");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+EnableDynamicAgentLoading",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "com.code_intelligence.jazzer.Jazzer",
                    "--target_class=" + target.type().getName(),
                    "--instrumentation_includes=dev.larder.**",
                    "--reproducer_path=" + FOUND,
                    "-artifact_prefix=" + FOUND + "/" + target + "-",
                    "-max_total_time=" + SECONDS,
                    "-timeout=10",
                    "-rss_limit_mb=0", // Its own hooks take 2 GiB; what it tests has the heap.
                    added.toString(),
                    target.corpus().toString()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(SECONDS + 120L, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String all = Files.readString(said);
    String last = all.substring(Math.max(0, all.length() - 3000));
    assertThat(ended).as(last).isTrue();
    assertThat(process.exitValue()).as(last).isZero();
    assertThat(last).contains("Done ");
    System.out.printf(
        "fuzz %s: %s%n",
        target, all.substring(all.lastIndexOf("Done ")).lines().findFirst().orElse(""));
  }
}
