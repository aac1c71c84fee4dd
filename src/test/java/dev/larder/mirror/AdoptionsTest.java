package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How often a file that Python put into the tree is read through. */
final class AdoptionsTest extends MirrorFixture {
  private static final int CLIENTS = 16;

  private final byte[] bytes = Bytes.of(4, 300_000);

  private Path putByPython(byte[] content) throws IOException {
    repo.lfs("model.bin", bytes);
    Commit commit = repo.commit("main");
    Path folder = root.resolve("hub/models--o--r");
    String sha = Bytes.digest(bytes).hex();
    Files.createDirectories(folder.resolve("blobs"));
    Path blob = Files.write(folder.resolve("blobs").resolve(sha), content);
    Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(commit.hex()));
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + sha));
    return blob;
  }

  private static boolean isWaiting(Thread.State state) {
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  private static void awaitWaiting(List<Thread> threads) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!threads.stream().allMatch(t -> isWaiting(t.getState()))) {
      assertThat(System.nanoTime()).as("all clients wait for the hash").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void clients_askingAtOnce_waitForOneHash() throws Exception {
    putByPython(bytes);
    CountDownLatch allWait = new CountDownLatch(1);
    beforeHashing = () -> await(allWait);
    List<CacheState> states = new CopyOnWriteArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Thread.ofPlatform().start(() -> states.add(get(asking("model.bin", Caller.ANONYMOUS)))));
    }
    awaitWaiting(clients);
    allWait.countDown();
    for (Thread client : clients) {
      client.join();
    }
    assertThat(states).hasSize(CLIENTS).containsOnly(CacheState.HIT);
    assertThat(hashed).hasSize(1);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void fileThatTakesLongToHash_isAnsweredInTimeAndHashedOnMeanwhile() throws Exception {
    putByPython(bytes);
    CountDownLatch mayHash = new CountDownLatch(1);
    beforeHashing = () -> await(mayHash);
    patience = Duration.ofMillis(700);
    begin(false);
    try {
      assertThatThrownBy(() -> get(asking("model.bin", Caller.ANONYMOUS)))
          .isInstanceOfSatisfying(
              MirrorException.StillHashing.class,
              e -> assertThat(e.retry()).isEqualTo(Retry.after(Duration.ofSeconds(5))))
          .hasMessageContaining("model.bin of o/r");
    } finally {
      mayHash.countDown();
    }
    assertThat(hashed).hasSize(1);
    flights.close(); // It was hashed: nothing else may bring it.
    assertThat(eventually(asking("model.bin", Caller.ANONYMOUS))).isEqualTo(CacheState.HIT);
    assertThat(hashed).hasSize(1);
    assertThat(hub.fileBytesSent()).isZero();
  }

  /** As a client that is told to come back. */
  private CacheState eventually(EntryRequest request) {
    for (int again = 0; ; again++) {
      try {
        return get(request);
      } catch (MirrorException.StillHashing e) {
        if (again == 20) {
          throw e;
        }
      }
    }
  }

  @Test
  void damagedFile_askedForAgain_isHashedAgainOnlyWhenItChanged() throws Exception {
    byte[] wrong = bytes.clone();
    wrong[1000] ^= 1;
    Path blob = putByPython(wrong);
    hub.onFile("").status(404).always();
    for (int round = 0; round < 3; round++) {
      try {
        get(asking("model.bin", Caller.ANONYMOUS));
      } catch (LarderException _) {
        // The hub does not give the bytes, and these are not served.
      }
    }
    assertThat(hashed).hasSize(1);
    Files.setLastModifiedTime(blob, FileTime.fromMillis(5000));
    Files.write(blob, bytes);
    assertThat(get(asking("model.bin", Caller.ANONYMOUS))).isEqualTo(CacheState.HIT);
    assertThat(hashed).hasSize(2);
  }
}
