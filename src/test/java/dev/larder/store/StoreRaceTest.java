package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Few blobs, many threads. Claims that no lease ever shows wrong or missing bytes and that nothing
 * leaks; does not claim to find every interleaving.
 */
final class StoreRaceTest {
  private static final int BLOBS = 12;
  private static final int ROUNDS = 100;
  private static final int PUBLISHERS = 2;

  @TempDir Path directory;

  @Test
  void leaseAgainstRemoveAndPublish_manyThreads_readersAlwaysSeeTheWholeBlob() throws Exception {
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < BLOBS; i++) {
      blobs.add(Bytes.of(i, 2000 + i));
    }
    AtomicInteger leases = new AtomicInteger();
    AtomicInteger removals = new AtomicInteger();
    CountDownLatch publishing = new CountDownLatch(PUBLISHERS);
    // Four open channels for twelve blobs: idle ones are closed all the time.
    try (TestStore test = TestStore.in(directory);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Void>> jobs = new ArrayList<>();
      for (int t = 0; t < PUBLISHERS; t++) {
        Random random = new Random(t);
        jobs.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                test.publish(blobs.get(random.nextInt(BLOBS)));
              }
              publishing.countDown();
              return null;
            });
      }
      for (int t = 0; t < 2; t++) {
        jobs.add(
            () -> {
              while (publishing.getCount() > 0) {
                // Some must be left for the readers to meet.
                if (test.ledger.rows().size() > BLOBS / 2) {
                  var removed = test.store.remove(Bytes.digest(any(blobs)));
                  removals.addAndGet(removed == BlobStore.Removal.REMOVED ? 1 : 0);
                }
                Thread.onSpinWait();
              }
              return null;
            });
      }
      for (int t = 0; t < 4; t++) {
        boolean quick = t == 0;
        jobs.add(
            () -> {
              while (publishing.getCount() > 0) {
                leases.addAndGet(read(test, any(blobs), quick) ? 1 : 0);
              }
              return null;
            });
      }
      for (Future<Void> job : threads.invokeAll(jobs)) {
        job.get();
      }
      long stored = 0;
      for (BlobStore.StoredBlob blob : test.store.list()) {
        stored += blob.sizeBytes();
        assertThat(test.store.inspect(blob.digest()))
            .isEqualTo(new BlobStore.Inspection.Sound(blob.sizeBytes()));
      }
      assertThat(test.store.space().storedBytes()).isEqualTo(stored);
      assertThat(test.store.space().reservedBytes()).isZero();
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.names("quarantine")).isEmpty();
      assertThat(test.names("store")).hasSameSizeAs(test.store.list());
      assertThat(test.ledger.rows()).hasSameSizeAs(test.store.list());
      for (BlobStore.StoredBlob blob : test.store.list()) {
        assertThat(test.store.remove(blob.digest())).isEqualTo(BlobStore.Removal.REMOVED);
      }
    }
    assertThat(leases.get()).isPositive();
    assertThat(removals.get()).isPositive();
  }

  private static byte[] any(List<byte[]> blobs) {
    return blobs.get(ThreadLocalRandom.current().nextInt(BLOBS));
  }

  private static boolean read(TestStore test, byte[] bytes, boolean quick) {
    Digest digest = Bytes.digest(bytes);
    var found = quick ? test.store.tryLease(digest) : test.store.lease(digest);
    if (found.isEmpty()) {
      return false;
    }
    try (BlobLease lease = found.get()) {
      assertThat(TestStore.read(lease)).isEqualTo(bytes);
      return true;
    }
  }

  @Test
  void write_manyWritersOneHasherOneReader_allLands() throws Exception {
    long seed = 5;
    byte[] bytes = Bytes.of(seed, 2_000_003);
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(Bytes.digest(bytes), bytes.length, Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<Void>> jobs = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int from = bytes.length / 4 * t;
        int to = t == 3 ? bytes.length : bytes.length / 4 * (t + 1);
        Random random = new Random(seed + t);
        jobs.add(() -> write(staged, bytes, from, to, random));
      }
      jobs.add(
          () -> {
            while (staged.hashForward(50_000) < bytes.length) {
              Thread.onSpinWait();
            }
            return null;
          });
      jobs.add(() -> follow(staged, bytes));
      for (Future<Void> job : threads.invokeAll(jobs)) {
        job.get();
      }
      assertThat(staged.commit()).isEqualTo(Bytes.digest(bytes));
    }
  }

  private static Void write(StagedBlob staged, byte[] bytes, int from, int to, Random random) {
    int at = from;
    while (at < to) {
      int end = Math.min(to, at + 1 + random.nextInt(20_000));
      staged.write(at, Bytes.slice(bytes, at, end));
      at = end;
    }
    return null;
  }

  private static Void follow(StagedBlob staged, byte[] bytes) throws Exception {
    long at = 0;
    while (at < bytes.length) {
      long end = staged.landedUntil(at);
      if (end > at) {
        var part = java.nio.ByteBuffer.allocate((int) (end - at));
        while (part.hasRemaining()) {
          assertThat(staged.channel().read(part, at + part.position())).isPositive();
        }
        assertThat(part.flip()).isEqualTo(Bytes.slice(bytes, at, end));
        at = end;
      } else {
        Thread.onSpinWait();
      }
    }
    return null;
  }
}
