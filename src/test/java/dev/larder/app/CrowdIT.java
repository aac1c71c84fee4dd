package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.app.CrowdClient.Offer;
import dev.larder.content.Commit;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of clients of one server at once, polite ones and others. Every byte is compared, each
 * file is fetched once, and when all have left the server holds nothing for them. Ten thousand of
 * one kind are in {@link HerdIT}.
 */
@Tag("alone")
class CrowdIT {
  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int CLIENTS = LONG ? 2_000 : 300;
  private static final int STEPS = LONG ? 12 : 4;
  private static final int COLD_FILES = LONG ? 24 : 4;
  private static final long COLD_BYTES = 9L << 20;
  private static final long SEED = Long.getLong("larder.seed", 20261121);

  /** Of each connection. Slow enough that most clients meet the cold files while they come. */
  private static final long HUB_BYTES_PER_SECOND = LONG ? 1 << 19 : 1 << 20;

  private static final long MOST_MEMORY_BYTES = 256L << 20;
  private static final Duration SETTLING = Duration.ofSeconds(20);

  @TempDir Path scratch;

  private final FakeHub hub = FakeHub.start();
  private final CrowdCounts counts = new CrowdCounts();
  private final List<Offer> warm = new ArrayList<>();
  private final List<Offer> cold = new ArrayList<>();

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  @Timeout(900)
  void serve_crowdOfClients_everyByteIsRightAndNothingIsLeft() throws Exception {
    offer();
    Path home = scratch.resolve("home");
    Product larder = Product.before(hub, scratch, home);
    try (Product.Server server = larder.serve(home)) {
      URI address = server.ready();
      ProcessView process = new ProcessView(server.proc());
      InetSocketAddress door = new InetSocketAddress(address.getHost(), address.getPort());
      warmUp(door);
      hub.throttle(HUB_BYTES_PER_SECOND);
      long started = System.nanoTime();

      List<String> failures = crowd(door);

      assertThat(failures).as(() -> log(server)).isEmpty();
      report(process, Duration.ofNanos(System.nanoTime() - started));
      assertThat(process.mostResidentBytes()).isLessThanOrEqualTo(MOST_MEMORY_BYTES);
      assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(offeredBytes() * 1.01);
      requireNothingLeft(process, address.getPort());
      assertThat(server.log().lines()).noneMatch(CrowdIT::troubled);
      requireNoLease(larder, home, process);
      assertThat(server.stop()).as("exit code after SIGTERM").isZero();
    }
  }

  private void offer() {
    long seed = SEED;
    FakeRepo small = hub.model("crowd/warm");
    List<Long> sizes = List.of(1_000L, 60_000L, 70_000L, 400_000L, 3L << 20);
    for (long size : sizes) {
      small.lfsGenerated("f" + size, size, seed++);
    }
    Commit first = small.commit("main");
    sizes.forEach(size -> warm.add(offered(small, first, "f" + size)));
    FakeRepo large = hub.model("crowd/cold");
    for (int i = 0; i < COLD_FILES; i++) {
      large.lfsGenerated("f" + i, COLD_BYTES, seed++);
    }
    Commit second = large.commit("main");
    for (int i = 0; i < COLD_FILES; i++) {
      cold.add(offered(large, second, "f" + i));
    }
  }

  private static Offer offered(FakeRepo repo, Commit commit, String name) {
    String path = "/hf/" + repo.id().name() + "/resolve/main/" + name;
    return new Offer(path, repo.file(commit, name).content());
  }

  private long offeredBytes() {
    return Stream.concat(warm.stream(), cold.stream()).mapToLong(Offer::size).sum();
  }

  private void warmUp(InetSocketAddress door) throws IOException {
    try (CrowdClient client = client(door, -1)) {
      for (Offer file : warm) {
        client.whole(file, "first");
      }
    }
  }

  private CrowdClient client(InetSocketAddress door, int number) throws IOException {
    return new CrowdClient(door, counts, new SplittableRandom(SEED + number), warm, cold);
  }

  /** All are connected before the first one asks. */
  private List<String> crowd(InetSocketAddress door) throws Exception {
    CountDownLatch connected = new CountDownLatch(CLIENTS);
    List<FutureTask<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      clients.add(new FutureTask<>(() -> run(door, number, connected), null));
      Thread.ofVirtual().name("client-" + number).start(clients.getLast());
    }
    List<String> failures = new ArrayList<>();
    for (FutureTask<Void> client : clients) {
      try {
        client.get();
      } catch (java.util.concurrent.ExecutionException e) {
        failures.add(e.getCause().toString());
      }
    }
    return failures;
  }

  private void run(InetSocketAddress door, int number, CountDownLatch connected) {
    try (CrowdClient client = client(door, number)) {
      connected.countDown();
      connected.await();
      work(client, number);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("client " + number + ": " + e, e);
    } finally {
      connected.countDown();
    }
  }

  private void work(CrowdClient client, int number) throws IOException {
    try {
      if (number < cold.size()) {
        // Somebody stays to the end, so that nothing is fetched in vain for those who do not.
        client.whole(cold.get(number), "cold");
      }
      for (int i = 0; i < STEPS; i++) {
        client.step();
      }
    } catch (IOException e) {
      throw new IOException(client.doing() + ": " + e.getMessage(), e);
    }
  }

  private static String log(Product.Server server) {
    try {
      String all = server.log();
      return "the server's log ends " + all.substring(Math.max(0, all.length() - 4000));
    } catch (IOException e) {
      return "the server's log cannot be read: " + e;
    }
  }

  private void report(ProcessView process, Duration time) throws IOException {
    System.out.printf(
        "crowd: seed %d, %d clients, %s, in %.1f s; upstream %.1f of %.1f MiB, memory at most %d MiB%n",
        SEED,
        CLIENTS,
        counts,
        time.toMillis() / 1e3,
        hub.fileBytesSent() / (double) (1 << 20),
        offeredBytes() / (double) (1 << 20),
        process.mostResidentBytes() >> 20);
  }

  private static boolean troubled(String line) {
    return line.contains("ERROR") || line.contains("WARN") || line.contains("Exception");
  }

  private interface Look {
    List<String> now() throws IOException;
  }

  private static void awaitNone(String what, Look look) throws IOException {
    long end = System.nanoTime() + SETTLING.toNanos();
    List<String> left = look.now();
    while (!left.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      left = look.now();
    }
    assertThat(left).as(what).isEmpty();
  }

  private static void requireNothingLeft(ProcessView process, int port) throws IOException {
    awaitNone("connections of clients", () -> process.connections(port));
    awaitNone(
        "files of downloads", () -> files(process, path -> path.contains("/home/larder/tmp/")));
    awaitNone("deleted files", () -> files(process, path -> path.endsWith("(deleted)")));
  }

  private static List<String> files(ProcessView process, java.util.function.Predicate<String> which)
      throws IOException {
    return process.openFiles().stream().filter(which).toList();
  }

  /**
   * A damaged blob is let go of when its last reader has gone: a lease that was left behind would
   * keep its file open.
   */
  private void requireNoLease(Product larder, Path home, ProcessView process) throws Exception {
    List<Path> blobs;
    try (Stream<Path> all = Files.walk(home.resolve("larder/store/sha256"))) {
      blobs = all.filter(Files::isRegularFile).toList();
    }
    for (Path blob : blobs) {
      Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-------"));
      try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
        int first = file.read();
        file.seek(0);
        file.write(first ^ 1);
      }
    }
    hub.throttle(0);
    Product.Ran verified = larder.run("verify", "--repair");
    try (Stream<Path> moved = Files.walk(home.resolve("larder/quarantine"))) {
      assertThat(moved.filter(Files::isRegularFile).count())
          .as(verified.out() + verified.err())
          .isGreaterThanOrEqualTo(blobs.size());
    }
    awaitNone(
        "damaged blobs that somebody holds",
        () -> files(process, path -> path.contains("/quarantine/") || path.endsWith("(deleted)")));
  }
}
