package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.store.StoreLock;
import dev.larder.testing.FakeContent;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of downloads. Whatever was served is right, what had landed is
 * not fetched again, and the files complete in the end.
 */
class KillLoopIT {
  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int KILLS = LONG ? 50 : 5;
  private static final long SEED = Long.getLong("larder.seed", 20261121);
  private static final long FILE_BYTES = 48L << 20;
  private static final int FILES = LONG ? 8 : 1;

  /** Of each of 8 connections. Slow enough that kills meet the middle of a file. */
  private static final long BYTES_PER_SECOND = 1L << 20;

  /**
   * What a kill may cost: what the journal does not say yet (1 MiB at most), and of each of the 8
   * connections what is on its way (a fifth of a second of it is 200 KiB).
   */
  private static final long LOSS_PER_KILL = (1L << 20) + 8 * (200L << 10);

  @TempDir Path scratch;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final FakeHub hub = FakeHub.start();
  private final FakeRepo repo = hub.model("kill/loop");
  private long servedBytes;
  private int killed;
  private int completed;

  @Test
  void serve_killedAtRandomMoments_servesRightBytesAndFetchesNothingTwice() throws Exception {
    for (int i = 0; i < FILES; i++) {
      repo.lfsGenerated(name(i), FILE_BYTES, SEED + i);
    }
    Commit commit = repo.commit("main");
    hub.throttle(BYTES_PER_SECOND);
    Path home = scratch.resolve("home");
    Product larder = new Product(scratch).set("LARDER_HUB_UPSTREAM", hub.uri().toString());

    int file = 0;
    while (killed < KILLS) {
      boolean whole = killedWhileServing(larder, home, commit, file);
      killed++;
      requireSound(home);
      file = whole ? (file + 1) % FILES : file;
    }
    hub.throttle(0);
    finish(larder, home, commit);

    report();
    assertThat(hub.fileBytesSent()).isBetween(FILES * FILE_BYTES, bound());
    requireSound(home);
    assertThat(names(home.resolve("larder/tmp"))).isEmpty();
    hub.close();
  }

  private static String name(int file) {
    return "model-%05d.bin".formatted(file);
  }

  private static long bound() {
    return FILES * FILE_BYTES + KILLS * LOSS_PER_KILL;
  }

  private void report() {
    System.out.printf(
        "kill loop: seed %d, %d kills, %d whole bodies, %.1f MiB served and compared, upstream %.1f of %.1f MiB:"
            + " %.2f MiB lost a kill (%.2f allowed)%n",
        SEED,
        killed,
        completed,
        mebibytes(servedBytes),
        mebibytes(hub.fileBytesSent()),
        mebibytes(FILES * FILE_BYTES),
        mebibytes(hub.fileBytesSent() - FILES * FILE_BYTES) / killed,
        mebibytes(LOSS_PER_KILL));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  /** Every fifth kill meets the start instead. Answers whether the body was served whole. */
  private boolean killedWhileServing(Product larder, Path home, Commit commit, int file)
      throws Exception {
    try (Product.Server server = larder.serve(home)) {
      if (killed % 5 == 4) {
        assertThat(server.runsFor(random.nextLong(50, 1500))).as(server.log()).isTrue();
        return false;
      }
      URI address = server.ready();
      FutureTask<Boolean> body = new FutureTask<>(() -> fetch(address, commit, file));
      Thread.ofVirtual().start(body);
      assertThat(server.runsFor(random.nextLong(100, 2500))).as(server.log()).isTrue();
      server.kill();
      return outcome(body);
    }
  }

  private static boolean outcome(FutureTask<Boolean> body) throws Exception {
    try {
      return body.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException) {
        return false;
      }
      throw e;
    }
  }

  /** Compares every byte as it comes. */
  private boolean fetch(URI address, Commit commit, int file) throws IOException {
    FakeContent content = repo.file(commit, name(file)).content();
    URI from = address.resolve("/hf/kill/loop/resolve/main/" + name(file));
    byte[] block = new byte[64 << 10];
    long at = 0;
    try (InputStream in = from.toURL().openStream()) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        ByteArrayOutputStream expected = new ByteArrayOutputStream(n);
        content.write(expected, at, at + n);
        assertThat(java.util.Arrays.copyOf(block, n))
            .as("bytes of %s from %d on", name(file), at)
            .isEqualTo(expected.toByteArray());
        at += n;
        servedBytes += n;
      }
    }
    completed += at == content.size() ? 1 : 0;
    return at == content.size();
  }

  private void finish(Product larder, Path home, Commit commit) throws Exception {
    try (Product.Server server = larder.serve(home)) {
      URI address = server.ready();
      for (int file = 0; file < FILES; file++) {
        assertThat(fetch(address, commit, file)).as("%s is served whole", name(file)).isTrue();
      }
      assertThat(server.stop()).as("exit code after SIGTERM").isZero();
    }
  }

  /** What must hold whatever happened: names tell the truth, and the dead hold no lock. */
  private static void requireSound(Path home) throws Exception {
    for (Path blob : names(home.resolve("larder/store/sha256"))) {
      assertThat(sha256(blob)).isEqualTo(blob.getFileName().toString());
    }
    assertThat(names(home.resolve("larder/quarantine"))).isEmpty();
    switch (StoreLock.attempt(home.resolve("larder"))) {
      case StoreLock.Attempt.Mine(StoreLock lock) -> lock.close();
      case StoreLock.Attempt.Theirs(var owner) ->
          throw new AssertionError("the lock is still held by " + owner);
    }
  }

  private static List<Path> names(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return new ArrayList<>(files.filter(Files::isRegularFile).toList());
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] block = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        sha256.update(block, 0, n);
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
