package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.FaultyDisk.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs whose file somebody touched while readers come and go. */
final class StoreRecheckTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);
  private static final int CLIENTS = 16;

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private final AtomicInteger hashings = new AtomicInteger();

  private TestStore open() {
    return TestStore.in(directory, disk, StoreLimits.none());
  }

  private static void touch(TestStore test, long millis) {
    try {
      Files.setLastModifiedTime(test.store.path(DIGEST), FileTime.fromMillis(millis));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void lease_touched_16Clients_isHashedOnceOnAThreadOfTheStoreAndServedToAll() throws Exception {
    try (TestStore test = open()) {
      test.publish(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
      touch(test, 1000);
      CountDownLatch asking = new CountDownLatch(CLIENTS);
      AtomicBoolean onRequests = new AtomicBoolean();
      disk.watch(
          Op.OPEN,
          DIGEST.hex(),
          () -> {
            hashings.incrementAndGet();
            onRequests.compareAndSet(false, Thread.currentThread().isVirtual());
            await(asking);
          });
      List<Future<byte[]>> read = new ArrayList<>();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CLIENTS; i++) {
          read.add(
              clients.submit(
                  () -> {
                    asking.countDown();
                    try (BlobLease lease = test.store.lease(DIGEST).orElseThrow()) {
                      return TestStore.read(lease);
                    }
                  }));
        }
      }
      for (Future<byte[]> bytes : read) {
        assertThat(bytes.get()).isEqualTo(BYTES);
      }
      assertThat(hashings).hasValue(1);
      assertThat(onRequests).isFalse();
      assertThat(test.store.isOpen(DIGEST)).isTrue();
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
  void lease_touchedAgainWhileHashed_isServedAndNotQuarantined() throws Exception {
    try (TestStore test = open()) {
      test.publish(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
      touch(test, 1000);
      disk.watch(
          Op.OPEN,
          DIGEST.hex(),
          () -> {
            if (hashings.incrementAndGet() == 1) {
              touch(test, 2000);
            }
          });
      Optional<BlobLease> lease = test.store.lease(DIGEST);
      assertThat(TestStore.read(lease.orElseThrow())).isEqualTo(BYTES);
      lease.orElseThrow().close();
      assertThat(test.names("quarantine")).isEmpty();
    }
  }

  @Test
  void lease_touchedAllTheTime_failsAndKeepsTheBlob() throws Exception {
    try (TestStore test = open()) {
      test.publish(BYTES);
      touch(test, 1000);
      disk.watch(Op.OPEN, DIGEST.hex(), () -> touch(test, 2000 + hashings.incrementAndGet()));
      assertThatThrownBy(() -> test.store.lease(DIGEST))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("keeps being changed");
      disk.watch(Op.OPEN, DIGEST.hex(), () -> {});
      test.store.lease(DIGEST).orElseThrow().close();
      assertThat(test.names("quarantine")).isEmpty();
    }
  }

  @Test
  void close_whileABlobIsHashed_endsTheWait() throws Exception {
    TestStore test = open();
    test.publish(BYTES);
    touch(test, 1000);
    CountDownLatch hashing = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    disk.watch(
        Op.OPEN,
        DIGEST.hex(),
        () -> {
          hashing.countDown();
          await(never);
        });
    try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> asked = client.submit(() -> test.store.lease(DIGEST));
      hashing.await();
      test.close();
      assertThatThrownBy(asked::get).hasMessageContaining("closing");
    }
  }
}
