package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is told to stop in the middle of its work. */
class ShutdownIT {
  private static final long FILE_BYTES = 48L << 20;
  private static final long BYTES_PER_SECOND = 512 << 10;

  /** In flight on each of 8 connections, no more than a fifth of a second's worth. */
  private static final long LOSS = 8 * BYTES_PER_SECOND / 5;

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void serve_toldToStopDuringADownload_endsSoonAndGoesOnFromThere() throws Exception {
    hub.model("o/n").lfsGenerated("big.bin", FILE_BYTES, 7).commit("main");
    hub.throttle(BYTES_PER_SECOND);
    Path home = scratch.resolve("home");
    Product larder = new Product(scratch).set("LARDER_HUB_UPSTREAM", hub.uri().toString());
    try (Product.Server server = larder.serve(home)) {
      URI file = server.ready().resolve("/hf/o/n/resolve/main/big.bin");
      try (InputStream in = file.toURL().openStream()) {
        in.readNBytes(512 << 10);
        long asked = System.nanoTime();
        FutureTask<Integer> stopped = new FutureTask<>(server::stop);
        Thread.ofVirtual().start(stopped);
        drain(in);
        assertThat(stopped.get()).as("exit code; log: %s", server.log()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(30));
      }
      assertThat(server.log()).contains("Serving", "SIGTERM", "Stopped").doesNotContain("\tat ");
    }
    assertThat(endings(home.resolve("larder/tmp"))).containsExactlyInAnyOrder("part", "journal");

    long before = hub.fileBytesSent();
    hub.throttle(0);
    try (Product.Server server = larder.serve(home)) {
      URI file = server.ready().resolve("/hf/o/n/resolve/main/big.bin");
      try (InputStream in = file.toURL().openStream()) {
        assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(FILE_BYTES);
      }
      assertThat(server.stop()).isZero();
    }
    System.out.printf(
        "stopped after %d bytes, %d bytes upstream in all for a file of %d%n",
        before, hub.fileBytesSent(), FILE_BYTES);
    assertThat(hub.fileBytesSent()).isBetween(FILE_BYTES, FILE_BYTES + LOSS);
    assertThat(endings(home.resolve("larder/tmp"))).isEmpty();
  }

  /** Reads what still comes; the connection may be cut. */
  private static void drain(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException cut) {
      assertThat(cut).hasMessageNotContaining("timed out");
    }
  }

  private static List<String> endings(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.toString().replaceAll(".*\\.", "")).toList();
    }
  }
}
