package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.FaultyDisk.Op;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.OtherFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of somebody else's that the store cannot link. */
final class StoreInPlaceTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);

  @TempDir Path directory;
  private OtherFileSystem other;
  private Path file;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private final MemoryLedger ledger = new MemoryLedger();
  private final AtomicInteger opened = new AtomicInteger();

  @BeforeEach
  void writeElsewhere() throws IOException {
    other = OtherFileSystem.than(directory);
    file = Files.write(other.directory().resolve("python"), BYTES);
    disk.watch(Op.OPEN, "python", opened::incrementAndGet);
  }

  @AfterEach
  void clear() throws IOException {
    if (other != null) {
      other.close();
    }
  }

  private TestStore open() {
    return open(StoreLimits.none());
  }

  private TestStore open(StoreLimits limits) {
    return TestStore.open(directory.resolve("larder"), disk, ledger, limits, TestStore.BOOT);
  }

  /** Where every file here is older than what an unclean stop puts in doubt. */
  private LocalBlobStore openLater() {
    return openLater(directory);
  }

  private LocalBlobStore openLater(Path root) {
    return LocalBlobStore.open(
        root.resolve("larder"),
        disk,
        ledger,
        StoreLimits.none(),
        InstantSource.fixed(Instant.now().plus(Duration.ofHours(1))),
        TestStore.tuning(TestStore.BOOT));
  }

  private static byte[] read(BlobStore store) {
    try (BlobLease lease = store.lease(DIGEST).orElseThrow()) {
      return TestStore.read(lease);
    }
  }

  private static byte[] otherBytes() {
    byte[] changed = BYTES.clone();
    changed[1234] ^= 1;
    return changed;
  }

  @Test
  void adopt_onAnotherFileSystem_isServedWhereItIs() throws Exception {
    try (TestStore test = open()) {
      assertThat(test.store.adopt(file, DIGEST)).isEqualTo(DIGEST);
      assertThat(read(test.store)).isEqualTo(BYTES);
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Present(DIGEST, BYTES.length));
      assertThat(test.store.path(DIGEST)).isEqualTo(file);
      assertThat(test.store.inPlace(DIGEST).orElseThrow().reason()).contains("cross-device");
      assertThat(test.store.inspect(DIGEST))
          .isEqualTo(new BlobStore.Inspection.Sound(BYTES.length));
      assertThat(test.store.list()).containsExactly(new BlobStore.StoredBlob(DIGEST, BYTES.length));
      assertThat(test.store.space().storedBytes()).isZero();
      assertThat(test.names("store")).isEmpty();
      assertThat(test.names("tmp")).isEmpty();
      assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
      assertThat(Files.isWritable(file)).isTrue();
    }
  }

  /** As when a root is mounted in a container under another name. */
  @Test
  void rootAtAnotherPath_fileBelowIt_isServedWithoutHashing() throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    Path inside = Files.write(root.resolve("python"), BYTES);
    disk.fail(Op.LINK, ".adopt", 1, "Operation not permitted");
    try (LocalBlobStore store = openLater(root)) {
      store.adopt(inside, DIGEST);
      assertThat(store.inPlace(DIGEST)).isPresent();
    }
    Path elsewhere = Files.move(root, directory.resolve("elsewhere"));
    opened.set(0);

    try (LocalBlobStore store = openLater(elsewhere)) {
      assertThat(store.path(DIGEST)).isEqualTo(elsewhere.resolve("python"));
      assertThat(read(store)).isEqualTo(BYTES);
      assertThat(opened).as("opened to be read, not to be hashed").hasValue(1);
    }
  }

  @Test
  void adopt_beyondTheSizeLimit_isServedAllTheSame() {
    try (TestStore test = open(new StoreLimits(1000, 0))) {
      test.store.adopt(file, DIGEST);
      assertThat(read(test.store)).isEqualTo(BYTES);
    }
  }

  @Test
  void adopt_modeRefused_isServedWhereItIs() throws Exception {
    Path near = Files.write(directory.resolve("python"), BYTES);
    try (TestStore test = open()) {
      disk.fail(Op.CHMOD, ".adopt", 1, "Operation not permitted");
      test.store.adopt(near, DIGEST);
      assertThat(read(test.store)).isEqualTo(BYTES);
      assertThat(test.store.path(DIGEST)).isEqualTo(near);
      assertThat(test.names("tmp")).isEmpty();
      assertThat(Files.getAttribute(near, "unix:nlink")).isEqualTo(1);
    }
  }

  @Test
  void adopt_wrongBytes_isServedToNobody() throws Exception {
    Files.write(file, otherBytes());
    try (TestStore test = open()) {
      assertThatThrownBy(() -> test.store.adopt(file, DIGEST))
          .isInstanceOf(StoreException.BlobMismatch.class);
      assertThat(test.store.list()).isEmpty();
      assertThat(file).hasBinaryContent(otherBytes());
    }
  }

  @Test
  void lease_rewrittenInPlace_isServedToNobody() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      test.store.lease(DIGEST).orElseThrow().close();
      FileTime modified = Files.getLastModifiedTime(file);
      Files.write(file, otherBytes());
      // Even with its old time: the ctime cannot be set back.
      Files.setLastModifiedTime(file, modified);

      assertThat(test.store.tryLease(DIGEST)).isEmpty();
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
      assertThat(file).hasBinaryContent(otherBytes());
      assertThat(test.names("borrowed")).isEmpty();
      assertThat(test.names("quarantine")).isEmpty();
    }
  }

  @Test
  void lease_touchedOrReplacedByTheSameBytes_isHashedOnceAndServed() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      read(test.store);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
      int before = opened.get();
      assertThat(read(test.store)).isEqualTo(BYTES);
      assertThat(read(test.store)).isEqualTo(BYTES);
      // To hash it and to read it.
      assertThat(opened).hasValue(before + 2);

      Path fresh = Files.write(other.directory().resolve("fresh"), BYTES);
      try (BlobLease held = test.store.lease(DIGEST).orElseThrow()) {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(read(test.store)).isEqualTo(BYTES);
        assertThat(TestStore.read(held)).isEqualTo(BYTES);
      }
    }
  }

  @Test
  void lease_ownerRemovedIt_isForgotten() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      Files.delete(file);
      assertThat(test.store.list()).isEmpty();
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
    }
  }

  @Test
  void start_fileUnchanged_servesItWithoutHashing() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
    }
    opened.set(0);
    try (TestStore test = open()) {
      assertThat(read(test.store)).isEqualTo(BYTES);
      assertThat(opened).hasValue(1);
      assertThat(test.store.inPlace(DIGEST).orElseThrow().reason()).contains("cross-device");
      assertThat(InPlaceFile.noted(test.larder))
          .singleElement()
          .satisfies(noted -> assertThat(noted.file()).isEqualTo(file))
          .satisfies(noted -> assertThat(noted.reason()).contains("cross-device"));
    }
  }

  @Test
  void start_rewrittenMeanwhile_isServedToNobody() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
    }
    Files.write(file, otherBytes());
    try (TestStore test = open()) {
      assertThat(test.store.lease(DIGEST)).isEmpty();
    }
  }

  @Test
  @SuppressWarnings("resource") // Killed, as it were.
  void start_afterAKill_doubtsOnlyWhatWasWrittenShortlyBefore() {
    open().store.adopt(file, DIGEST);
    try (TestStore test = open()) {
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
    }
    openLater().adopt(file, DIGEST);
    try (TestStore test = open()) {
      assertThat(read(test.store)).isEqualTo(BYTES);
    }
  }

  @Test
  void start_noteTorn_goesOnWithoutIt() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      Path note = test.larder.resolve("borrowed").resolve(DIGEST.hex());
      Files.writeString(note, Files.readString(note).substring(0, 30));
      Files.writeString(note.resolveSibling("what"), "");
    }
    try (TestStore test = open()) {
      assertThat(test.store.find(DIGEST)).isEqualTo(new Lookup.Absent(DIGEST));
      assertThat(test.names("borrowed")).isEmpty();
    }
  }

  @Test
  void remove_forgetsItAndLeavesTheFile() {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      try (BlobLease _ = test.store.lease(DIGEST).orElseThrow()) {
        assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.HELD);
      }
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.REMOVED);
      assertThat(test.store.remove(DIGEST)).isEqualTo(BlobStore.Removal.ABSENT);
      assertThat(file).hasBinaryContent(BYTES);
    }
  }

  @Test
  void publish_ofTheSameBytes_isPreferred() throws Exception {
    try (TestStore test = open()) {
      test.store.adopt(file, DIGEST);
      test.publish(BYTES);
      Files.delete(file);
      assertThat(read(test.store)).isEqualTo(BYTES);
      assertThat(test.store.inPlace(DIGEST)).isEmpty();
      assertThat(test.store.list()).hasSize(1);
    }
  }

  @Test
  void adopt_pathOfManyWords_isFoundAgain() throws Exception {
    Path odd = other.directory().resolve("two\nlines %d ünd python");
    Files.write(odd, BYTES);
    Files.setPosixFilePermissions(odd, PosixFilePermissions.fromString("r--r-----"));
    try (TestStore test = open()) {
      test.store.adopt(odd, DIGEST);
    }
    try (TestStore test = open()) {
      assertThat(read(test.store)).isEqualTo(BYTES);
    }
  }
}
