package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand clients of one file that is not here yet, in a process of their own: it is fetched
 * once, everybody gets every byte, and the server stays as small as it is with few.
 */
@Tag("alone")
class HerdIT {
  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int CLIENTS = LONG ? 10_000 : 500;
  private static final long SEED = Long.getLong("larder.seed", 20261121);
  private static final long FILE_BYTES = 1536L << 10;

  /** Slow enough that everybody is there before the file is. */
  private static final long HUB_BYTES_PER_SECOND = LONG ? 48L << 10 : 384L << 10;

  private static final long MOST_MEMORY_BYTES = 448L << 20;

  /** The server keeps half of its descriptors for files. */
  private static final int DESCRIPTORS = 2 * CLIENTS;

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  @Timeout(600)
  void serve_oneColdFileToEverybodyAtOnce_isOneTransferInConstantMemory() throws Exception {
    assumeThat(ManySockets.tooMany(DESCRIPTORS)).as("descriptors").isEmpty();
    FakeRepo repo = hub.model("herd/one");
    repo.lfsGenerated("model.bin", FILE_BYTES, SEED).commit("main");
    hub.throttle(HUB_BYTES_PER_SECOND);
    Path home = scratch.resolve("home");
    Product larder = Product.before(hub, scratch, home);
    try (Product.Server server = larder.serve(home)) {
      URI address = server.ready();
      ProcessView process = new ProcessView(server.proc());
      long started = System.nanoTime();
      String path = "/hf/herd/one/resolve/main/model.bin";
      try (OtherProcess herd =
          OtherProcess.start(
              scratch, Herd.class, address.getPort(), path, FILE_BYTES, SEED, CLIENTS)) {
        int atOnce = Integer.parseInt(herd.await("at-once"));
        long bytes = Long.parseLong(herd.await("bytes"));
        String failures = herd.await("failures");
        report(process, Duration.ofNanos(System.nanoTime() - started), atOnce, bytes);
        assertThat(failures).as(() -> log(server)).isEqualTo("{}");
        assertThat(atOnce).as("clients that waited at the same time").isEqualTo(CLIENTS);
        assertThat(bytes).isGreaterThan(CLIENTS * FILE_BYTES);
      }
      assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(FILE_BYTES * 1.01);
      assertThat(process.mostResidentBytes()).isLessThanOrEqualTo(MOST_MEMORY_BYTES);
      assertThat(server.log().lines())
          .noneMatch(
              line -> List.of("ERROR", "WARN", "Exception").stream().anyMatch(line::contains));
      assertThat(server.stop()).as("exit code after SIGTERM").isZero();
    }
  }

  private void report(ProcessView process, Duration time, int atOnce, long bytes)
      throws java.io.IOException {
    System.out.printf(
        "herd: seed %d, %d clients, %d at once, %.1f MiB compared, in %.1f s; upstream %.2f of %.2f MiB, memory at most %d MiB%n",
        SEED,
        CLIENTS,
        atOnce,
        bytes / (double) (1 << 20),
        time.toMillis() / 1e3,
        hub.fileBytesSent() / (double) (1 << 20),
        FILE_BYTES / (double) (1 << 20),
        process.mostResidentBytes() >> 20);
  }

  private static String log(Product.Server server) {
    try {
      String all = server.log();
      return "the server's log ends " + all.substring(Math.max(0, all.length() - 4000));
    } catch (java.io.IOException e) {
      return "the server's log cannot be read: " + e;
    }
  }
}
