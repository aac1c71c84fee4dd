package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.FaultyDisk.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StoreFaultTest {
  private static final byte[] BYTES = Bytes.of(1, 10_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());

  private TestStore open() {
    return TestStore.in(directory, disk, StoreLimits.none());
  }

  @ParameterizedTest
  @EnumSource(
      value = Op.class,
      names = {"CREATE", "WRITE", "SYNC", "SYNC_DIRECTORY", "LINK", "CHMOD"})
  void publish_anyOperationFails_leavesNothingAndSucceedsNextTime(Op op) {
    try (TestStore test = open()) {
      disk.fail(op, "", 1, "Input/output error");
      assertThatThrownBy(() -> test.publish(BYTES))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("Input/output error");
      assertThat(disk.allStruck()).isTrue();
      test.store.resumable().forEach(TestStoreEnd::discard);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.space().reservedBytes()).isZero();
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Absent.class);

      assertThat(test.publish(BYTES)).isEqualTo(DIGEST);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.space().storedBytes()).isEqualTo(BYTES.length);
    }
  }

  /** So that a method reference names both steps. */
  private static final class TestStoreEnd {
    static void discard(StagedBlob staged) {
      staged.discard();
      staged.close();
    }
  }

  @Test
  void write_diskFull_saysSoAndTheAttemptGoesOn() {
    try (TestStore test = open();
        StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of())) {
      disk.fail(Op.WRITE, ".part", 1, "No space left on device");
      assertThatThrownBy(() -> staged.write(0, ByteBuffer.wrap(BYTES)))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("No space left")
          .hasMessageContaining("free space");
      assertThat(staged.landed()).isEmpty();
      staged.write(0, ByteBuffer.wrap(BYTES));
      assertThat(staged.commit()).isEqualTo(DIGEST);
    }
  }

  @Test
  void syncOnTheWay_failed_endsTheAttempt() {
    byte[] large = Bytes.of(3, 40_000);
    try (TestStore test = open();
        StagedBlob staged = test.store.stage(Bytes.digest(large), large.length, Map.of())) {
      disk.fail(Op.SYNC, ".part", 1, "Input/output error");
      staged.write(0, Bytes.slice(large, 0, 20_000));
      test.store.awaitBackground();
      assertThatThrownBy(() -> staged.write(20_000, Bytes.slice(large, 20_000, 40_000)))
          .isInstanceOf(StoreException.StoreIo.class);
      assertThatThrownBy(staged::commit).isInstanceOf(StoreException.StoreIo.class);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(test.store.space().reservedBytes()).isZero();
    }
  }

  /** What is still on the disk is served, and counted: else the store would grow past its limit. */
  @Test
  void remove_unlinkFails_blobStaysAsItWas() {
    try (TestStore test = open()) {
      test.publish(BYTES);
      for (int tries = 0; tries < 3; tries++) {
        disk.fail(Op.DELETE, DIGEST.hex(), 1, "Permission denied");
        assertThatThrownBy(() -> test.store.remove(DIGEST))
            .isInstanceOf(StoreException.StoreIo.class);
        assertThat(test.store.space().storedBytes()).isEqualTo(BYTES.length);
        try (BlobLease lease = test.store.lease(DIGEST).orElseThrow()) {
          assertThat(TestStore.read(lease)).isEqualTo(BYTES);
        }
      }
      try (TestStore next = test.again()) {
        assertThat(next.store.find(DIGEST)).isInstanceOf(Lookup.Present.class);
      }
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.REMOVED);
      assertThat(test.store.space().storedBytes()).isZero();
      assertThat(test.names("store")).isEmpty();
    }
  }

  @Test
  void remove_unlinkedButNotDurable_isGoneAndFinishedAtTheNextStart() {
    TestStore test = open();
    test.publish(BYTES);
    disk.fail(Op.SYNC_DIRECTORY, DIGEST.shard(), 1, "Input/output error");
    assertThatThrownBy(() -> test.store.remove(DIGEST)).isInstanceOf(StoreException.StoreIo.class);
    assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Absent.class);
    assertThat(test.store.space().storedBytes()).isZero();
    try (TestStore next = test.again()) {
      assertThat(next.names("store")).isEmpty();
      assertThat(next.ledger.rows()).isEmpty();
    }
  }

  @Test
  void adopt_diskFails_leavesTheFileAndSaysWhy() throws Exception {
    Path file = Files.write(directory.resolve("python"), BYTES);
    try (TestStore test = open()) {
      disk.fail(Op.LINK, ".adopt", 1, "No space left on device");
      assertThatThrownBy(() -> test.store.adopt(file, DIGEST))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("No space left")
          .hasMessageContaining("free space");
      disk.fail(Op.SYNC, ".adopt", 1, "Input/output error");
      assertThatThrownBy(() -> test.store.adopt(file, DIGEST))
          .isInstanceOf(StoreException.StoreIo.class);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(file).hasBinaryContent(BYTES);

      assertThat(test.store.adopt(file, DIGEST)).isEqualTo(DIGEST);
      assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
      assertThat(test.names("tmp")).isEmpty();
      assertThatThrownBy(() -> test.store.adopt(file, Bytes.digest(new byte[1])))
          .isInstanceOf(StoreException.BlobMismatch.class);
      assertThat(file).hasBinaryContent(BYTES);
      test.store.lease(DIGEST).orElseThrow().close();
    }
  }

  @Test
  void stageAndResume_openingFailsHalfway_leaveNoFileOpen() throws Exception {
    try (TestStore test = open()) {
      disk.fail(Op.OPEN, ".part", 1, "Too many open files");
      assertThatThrownBy(() -> test.store.stage(DIGEST, BYTES.length, Map.of()))
          .isInstanceOf(StoreException.StoreIo.class);
      assertThat(openBelow(test.larder)).isEmpty();

      StagedBlob staged = test.store.stage(DIGEST, BYTES.length, Map.of());
      staged.write(0, Bytes.slice(BYTES, 0, 9_000));
      staged.close();
      disk.fail(Op.OPEN, ".part", 2, "Too many open files");
      assertThat(test.store.resume(DIGEST, BYTES.length, Map.of())).isEmpty();
      assertThat(disk.allStruck()).isTrue();
      assertThat(openBelow(test.larder)).isEmpty();
    }
  }

  private static List<String> openBelow(Path directory) throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          open.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // The one that listed them.
        }
      }
    }
    open.removeIf(name -> !name.startsWith(directory.toString()));
    return open;
  }

  @Test
  void adopt_symbolicLink_isRefused() throws Exception {
    Path file = Files.write(directory.resolve("python"), BYTES);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    try (TestStore test = open()) {
      assertThatThrownBy(() -> test.store.adopt(link, DIGEST))
          .isInstanceOf(StoreException.StoreIo.class)
          .hasMessageContaining("not an ordinary file");
    }
  }
}
