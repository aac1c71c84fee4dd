package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlobStoreTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);

  @TempDir Path directory;

  @Test
  void commit_allLanded_publishesReadOnlyWithOneNameAndARow() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);

      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Present(DIGEST, BYTES.length));
      Path file = test.store.path(DIGEST);
      assertThat(file).hasBinaryContent(BYTES);
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
      assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.ledger.rows()).hasSize(1);
      assertThat(test.store.space().storedBytes()).isEqualTo(BYTES.length);
      assertThat(test.store.space().reservedBytes()).isZero();
    }
  }

  @Test
  void commit_gitIdentity_isVerifiedAndStoredBySha256() {
    try (TestStore test = TestStore.in(directory)) {
      assertThat(test.publish(BYTES, Bytes.gitId(BYTES))).isEqualTo(DIGEST);
      assertThat(test.store.inspect(DIGEST)).isEqualTo(new BlobStore.Inspection.Sound(300_000));
    }
  }

  @Test
  void commit_emptyFile_isABlob() {
    try (TestStore test = TestStore.in(directory)) {
      Digest empty = test.publish(new byte[0]);
      try (BlobLease lease = test.store.lease(empty).orElseThrow()) {
        assertThat(lease.sizeBytes()).isZero();
      }
    }
  }

  @Test
  void commit_wrongBytes_quarantinesAndPublishesNothing() {
    try (TestStore test = TestStore.in(directory)) {
      byte[] wrong = Bytes.of(2, BYTES.length);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> test.publish(wrong, DIGEST))
            .isInstanceOf(StoreException.BlobMismatch.class)
            .hasMessageContaining(Bytes.digest(wrong).hex())
            .hasMessageContaining("quarantine");
      }
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Quarantined(DIGEST));
      assertThat(test.names("quarantine")).hasSize(1);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.names("store")).isEmpty();
      assertThat(test.store.space())
          .extracting(BlobStore.Space::reservedBytes, BlobStore.Space::quarantinedBytes)
          .containsExactly(0L, (long) BYTES.length);

      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Present.class);
    }
  }

  @Test
  void commit_wrongGitBytes_quarantinesUnderTheGitName() {
    try (TestStore test = TestStore.in(directory)) {
      byte[] wrong = Bytes.of(2, BYTES.length);
      assertThatThrownBy(() -> test.publish(wrong, Bytes.gitId(BYTES)))
          .isInstanceOfSatisfying(
              StoreException.BlobMismatch.class,
              e -> assertThat(e.found()).isEqualTo(Bytes.gitId(wrong)));
      assertThat(test.names("quarantine"))
          .singleElement()
          .asString()
          .startsWith(Bytes.gitId(BYTES).hex() + ".");
    }
  }

  @Test
  void commit_thereAlready_keepsTheFirstFile() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      Object inode = Files.getAttribute(test.store.path(DIGEST), "unix:ino");
      test.publish(BYTES);
      assertThat(Files.getAttribute(test.store.path(DIGEST), "unix:ino")).isEqualTo(inode);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.space().storedBytes()).isEqualTo(BYTES.length);
    }
  }

  @Test
  void commit_notAllLanded_saysSoAndCanGoOn() {
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      staged.write(0, Bytes.slice(BYTES, 0, 1000));
      assertThatThrownBy(staged::commit).isInstanceOf(IllegalStateException.class);
      staged.write(1000, Bytes.slice(BYTES, 1000, BYTES.length));
      assertThat(staged.commit()).isEqualTo(DIGEST);
    }
  }

  @Test
  void write_outOfOrderAndAgain_hashesInOrderAndNeverChangesWhatLanded() {
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      staged.write(200_000, Bytes.slice(BYTES, 200_000, 300_000));
      assertThat(staged.hashForward(Long.MAX_VALUE)).isZero();
      assertThat(staged.nextLanded(0)).isEqualTo(200_000);
      assertThat(staged.landedUntil(250_000)).isEqualTo(300_000);
      staged.write(0, Bytes.slice(BYTES, 0, 100_000));
      assertThat(staged.hashForward(60_000)).isEqualTo(60_000);
      assertThat(staged.hashForward(Long.MAX_VALUE)).isEqualTo(100_000);
      staged.write(0, ByteBuffer.allocate(100_000));
      byte[] overlapping = BYTES.clone();
      java.util.Arrays.fill(overlapping, 50_000, 100_000, (byte) 0);
      staged.write(50_000, Bytes.slice(overlapping, 50_000, 200_000));
      assertThat(staged.landed()).hasSize(1);
      assertThat(staged.commit()).isEqualTo(DIGEST);
    }
  }

  @Test
  void channel_afterCommit_isReadableUntilClose() {
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      var channel = staged.channel();
      staged.write(0, ByteBuffer.wrap(BYTES));
      staged.commit();
      assertThat(TestStore.read(channel, BYTES.length)).isEqualTo(BYTES);
      staged.close();
      assertThat(channel.isOpen()).isFalse();
    }
  }

  @Test
  void channel_readerInterrupted_isOpenedAnewForTheOthers() throws Exception {
    try (TestStore test = TestStore.in(directory);
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(BYTES));
      staged.channel().close();
      assertThat(TestStore.read(staged.channel(), BYTES.length)).isEqualTo(BYTES);
      staged.commit();
      staged.channel().close();
      assertThat(TestStore.read(staged.channel(), BYTES.length)).isEqualTo(BYTES);
    }
  }

  @Test
  void lease_held_isNotRemovedAndReadsAll() {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      assertThat(test.store.isOpen(DIGEST)).isFalse();
      assertThat(test.store.tryLease(DIGEST)).isEmpty();
      BlobLease lease = test.store.lease(DIGEST).orElseThrow();
      assertThat(test.store.isOpen(DIGEST)).isTrue();
      BlobLease second = test.store.tryLease(DIGEST).orElseThrow();
      assertThat(second.channel()).isSameAs(lease.channel());
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.HELD);
      lease.close();
      lease.close();
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.HELD);
      assertThat(TestStore.read(second)).isEqualTo(BYTES);
      second.close();
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.REMOVED);
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.ABSENT);
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.ledger.rows()).isEmpty();
      assertThat(test.names("store")).isEmpty();
      assertThat(test.store.space().storedBytes()).isZero();
    }
  }

  @Test
  void lease_rewrittenInPlace_quarantines() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
      Path file = test.store.path(DIGEST);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      byte[] changed = BYTES.clone();
      changed[1234] ^= 1;
      FileTime modified = Files.getLastModifiedTime(file);
      Files.write(file, changed);
      // Even with its old time: the ctime cannot be set back.
      Files.setLastModifiedTime(file, modified);

      assertThat(test.store.tryLease(DIGEST)).isEmpty();
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Quarantined(DIGEST));
      assertThat(test.names("quarantine")).singleElement().asString().endsWith(".rewritten");
      assertThat(test.ledger.rows()).isEmpty();
    }
  }

  @Test
  void lease_hardLinkedOrTouched_isHashedAndGivenAgain() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
      Files.createLink(directory.resolve("other"), test.store.path(DIGEST));
      assertThat(test.store.isOpen(DIGEST)).isFalse();
      assertThat(test.store.tryLease(DIGEST)).isEmpty();
      test.store.lease(DIGEST).orElseThrow().close();
      assertThat(test.store.isOpen(DIGEST)).isTrue();

      Files.setLastModifiedTime(test.store.path(DIGEST), FileTime.fromMillis(1000));
      test.store.lease(DIGEST).orElseThrow().close();
      assertThat(test.store.isOpen(DIGEST)).isTrue();
    }
  }

  @Test
  void linkTo_ownLink_needsNoHashing() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
      test.store.linkTo(DIGEST, directory.resolve("one"));
      assertThat(test.store.isOpen(DIGEST)).isTrue();
      Files.delete(directory.resolve("one"));
      test.store.relinked(DIGEST);
      assertThat(test.store.isOpen(DIGEST)).isTrue();
    }
  }

  @Test
  void lease_fileGone_forgetsTheBlob() throws Exception {
    try (TestStore test = TestStore.in(directory)) {
      test.publish(BYTES);
      Files.delete(test.store.path(DIGEST));
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
      assertThat(test.store.inspect(DIGEST)).isEqualTo(new BlobStore.Inspection.Missing());
      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);
    }
  }

  @Test
  void stage_tooLarge_isRefusedWithTheRemedy() {
    try (TestStore test = TestStore.in(directory, new LocalDisk(), new StoreLimits(1_000_000, 0))) {
      test.publish(BYTES);
      try (StagedBlob staged = test.store.stage(Bytes.digest(new byte[1]), 600_000, Map.of())) {
        assertThat(test.store.space().reservedBytes()).isEqualTo(600_000);
        assertThatThrownBy(() -> test.store.stage(DIGEST, 100_001, Map.of()))
            .isInstanceOf(StoreException.StoreFull.class)
            .hasMessageContaining("100.0 kB")
            .hasMessageContaining("size limit");
        staged.discard();
      }
      assertThat(test.store.space().reservedBytes()).isZero();
      test.store.stage(DIGEST, 700_000, Map.of()).discard();
      assertThat(test.names("tmp")).isEmpty();
    }
  }

  @Test
  void stage_lessFreeThanTheFloor_isRefused() {
    try (TestStore test =
        TestStore.in(directory, new LocalDisk(), new StoreLimits(Long.MAX_VALUE, 1L << 60))) {
      assertThatThrownBy(() -> test.store.stage(DIGEST, 1, Map.of()))
          .isInstanceOf(StoreException.StoreFull.class)
          .hasMessageContaining("free space on the file system");
    }
  }
}
