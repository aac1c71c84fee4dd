package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreResumeTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);

  @TempDir Path directory;

  @Test
  void resumable_afterAKill_goesOnWithWhatWasJournalled() {
    TestStore killed = TestStore.in(directory);
    StagedBlob left = killed.store.stage(DIGEST, BYTES.length, Map.of("repo", "a/b"));
    left.note("etag", "x");
    left.write(100_000, Bytes.slice(BYTES, 100_000, 200_000));
    // A sync on its way would take the next bytes along.
    killed.store.awaitBackground();
    left.write(0, Bytes.slice(BYTES, 0, 1000));

    try (TestStore test = killed.again()) {
      assertThat(test.store.space().reservedBytes()).isEqualTo(BYTES.length);
      StagedBlob resumed = test.store.resumable().getFirst();
      assertThat(test.store.resumable()).isEmpty();
      assertThat(resumed.label()).containsEntry("repo", "a/b").containsEntry("etag", "x");
      assertThat(resumed.expected()).isEqualTo(DIGEST);
      // The last thousand bytes were too few for a record of their own.
      assertThat(resumed.landed()).containsExactly(new ByteRange(100_000, 200_000));
      resumed.write(0, Bytes.slice(BYTES, 0, 100_000));
      resumed.write(200_000, Bytes.slice(BYTES, 200_000, 300_000));
      assertThat(resumed.commit()).isEqualTo(DIGEST);
      resumed.close();
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.space().reservedBytes()).isZero();
    }
  }

  @Test
  void resumable_afterAReboot_keepsOnlyWhatWasSynced() {
    TestStore cut = TestStore.in(directory);
    StagedBlob left = cut.store.stage(DIGEST, BYTES.length, Map.of());
    left.write(0, Bytes.slice(BYTES, 0, 50_000));
    cut.store.awaitBackground();
    left.write(50_000, Bytes.slice(BYTES, 50_000, 60_000));
    left.park();

    try (TestStore test = cut.again("boot-2")) {
      StagedBlob resumed = test.store.resumable().getFirst();
      assertThat(resumed.landed()).containsExactly(new ByteRange(0, 50_000));
      resumed.discard();
      resumed.close();
      assertThat(test.names("tmp")).isEmpty();
    }
  }

  @Test
  void resumable_parkedHere_isGivenOnce() {
    try (TestStore test = TestStore.in(directory)) {
      StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of());
      staged.write(0, Bytes.slice(BYTES, 0, 1000));
      staged.close();
      assertThat(test.store.space().reservedBytes()).isEqualTo(BYTES.length);
      List<StagedBlob> resumed = test.store.resumable();
      assertThat(resumed).hasSize(1);
      assertThat(resumed.getFirst().landedUntil(0)).isEqualTo(1000);
      resumed.getFirst().discard();
      resumed.getFirst().close();
      assertThat(test.store.space().reservedBytes()).isZero();
    }
  }

  @Test
  void stage_noRoomBesideParked_givesTheOldestUp() {
    try (TestStore test = TestStore.in(directory, new LocalDisk(), new StoreLimits(700_000, 0))) {
      StagedBlob parked = test.store.stage(DIGEST, BYTES.length, Map.of());
      parked.write(0, Bytes.slice(BYTES, 0, 1000));
      parked.close();
      test.store.stage(Bytes.digest(new byte[1]), 600_000, Map.of()).discard();
      assertThat(test.store.resumable()).isEmpty();
      assertThat(test.names("tmp")).isEmpty();
    }
  }

  @Test
  void open_leftoversInTmp_keepsOnlyYoungSoundAttempts() throws Exception {
    TestStore first = TestStore.in(directory);
    StagedBlob old = first.store.stage(DIGEST, BYTES.length, Map.of());
    old.write(0, Bytes.slice(BYTES, 0, 50_000));
    old.close();
    Path tmp = first.larder.resolve("tmp");
    Path part = tmp.resolve(first.names("tmp").get(1));
    Files.setLastModifiedTime(part, FileTime.from(Instant.now().minus(25, ChronoUnit.HOURS)));
    Files.write(tmp.resolve("0011.part"), BYTES);
    Files.write(tmp.resolve("0022.journal"), BYTES);
    Files.createLink(tmp.resolve("0033.adopt"), part);

    try (TestStore test = first.again()) {
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.resumable()).isEmpty();
      assertThat(test.store.space().reservedBytes()).isZero();
    }
  }

  @Test
  void open_orphansStraysAndRemovals_areBroughtIntoOrder() throws Exception {
    TestStore first = TestStore.in(directory);
    first.publish(BYTES);
    byte[] other = Bytes.of(2, 1000);
    Digest missing = first.publish(other);
    Files.delete(first.store.path(missing));
    first.ledger.forget(DIGEST);
    Path wrong = first.store.path(Bytes.digest(new byte[1]));
    Files.createDirectories(wrong.getParent());
    Files.write(wrong, BYTES);
    Files.writeString(wrong.resolveSibling("README.txt"), "stray");

    try (TestStore test = first.again()) {
      test.store.awaitBackground();
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Present.class);
      assertThat(test.store.find(missing)).isInstanceOf(Lookup.Absent.class);
      assertThat(test.store.find(Bytes.digest(new byte[1]))).isInstanceOf(Lookup.Quarantined.class);
      assertThat(test.names("quarantine")).hasSize(2);
      assertThat(test.names("store")).hasSize(1);
      assertThat(test.ledger.rows()).hasSize(1);
    }
  }

  @Test
  void everyStep_interruptedThread_isDoneAndTheThreadStaysInterrupted() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of());
      interrupted(() -> staged.write(0, Bytes.slice(BYTES, 0, 1000)));
      interrupted(() -> assertThat(staged.hashForward(500)).isEqualTo(500));
      interrupted(staged::close);
      StagedBlob resumed = test.store.resumable().getFirst();
      assertThat(resumed.landedUntil(0)).isEqualTo(1000);
      interrupted(() -> resumed.write(0, Bytes.slice(BYTES, 0, BYTES.length)));
      interrupted(resumed::commit);
      resumed.close();
      try (BlobLease lease = test.store.lease(DIGEST).orElseThrow()) {
        assertThat(TestStore.read(lease)).isEqualTo(BYTES);
      }
    }
  }

  private static void interrupted(Runnable step) {
    Thread.currentThread().interrupt();
    try {
      step.run();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
