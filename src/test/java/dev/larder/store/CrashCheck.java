package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.testing.Bytes;
import dev.larder.testing.CrashImage;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Opens a store over what a crash left and checks every promise that the store makes. */
final class CrashCheck {
  private final Path root;
  private final LocalDisk disk = new LocalDisk();
  private final CrashImage image;

  /** {@code root} is empty. */
  CrashCheck(Path root, CrashImage image) {
    this.root = root;
    this.image = image;
  }

  void run() throws IOException {
    image.buildIn(root);
    MemoryLedger ledger = image.ledger(disk, larder());
    String boot = image.boot();
    try (TestStore test = open(ledger, boot)) {
      checkStored(test);
      checkTmp(test);
    }
    List<String> once = state(ledger);
    try (TestStore test = open(ledger, boot)) {
      assertThat(state(ledger)).as("recovery twice").isEqualTo(once);
      test.store.resumable().forEach(this::finish);
      checkStored(test);
      assertThat(test.store.space().reservedBytes()).isZero();
      assertThat(test.names("tmp")).isEmpty();
      publishAgain(test);
      checkStored(test);
    }
  }

  private Path larder() {
    return root.resolve("larder");
  }

  private TestStore open(MemoryLedger ledger, String boot) {
    TestStore test = TestStore.open(larder(), disk, ledger, StoreLimits.none(), boot);
    test.store.awaitBackground();
    return test;
  }

  private void checkStored(TestStore test) throws IOException {
    for (Digest digest : image.promised()) {
      assertThat(test.store.find(digest)).as("promised").isInstanceOf(Lookup.Present.class);
    }
    for (BlobStore.StoredBlob blob : test.store.list()) {
      try (BlobLease lease = test.store.lease(blob.digest()).orElse(null)) {
        if (lease == null) {
          assertThat(image.promised()).doesNotContain(blob.digest());
        } else {
          assertThat(Bytes.digest(TestStore.read(lease))).isEqualTo(blob.digest());
        }
      }
    }
    checkNames(test);
  }

  /** Every name hashes to itself and has a READY row; no row is without its file. */
  private void checkNames(TestStore test) throws IOException {
    TreeSet<Digest> named = new TreeSet<>();
    long bytes = 0;
    for (String name : test.names("store/sha256")) {
      Digest digest = new Digest(name.substring(3));
      Path file = test.store.path(digest);
      FileStat stat = disk.stat(file).orElseThrow();
      assertThat(Bytes.digest(Files.readAllBytes(file))).isEqualTo(digest);
      assertThat(stat.mode()).isEqualTo(0444);
      bytes += stat.sizeBytes();
      named.add(digest);
    }
    TreeSet<Digest> rows = new TreeSet<>();
    for (BlobLedger.BlobRow row : test.ledger.rows()) {
      assertThat(row.state()).isEqualTo(BlobLedger.State.READY);
      rows.add(row.digest());
    }
    assertThat(rows).isEqualTo(named);
    assertThat(test.store.space().storedBytes()).isEqualTo(bytes);
  }

  /** Parked attempts and nothing else; what they say has landed is right. */
  private void checkTmp(TestStore test) {
    List<StagedBlob> parked = test.store.resumable();
    long reserved = 0;
    for (StagedBlob attempt : parked) {
      reserved += attempt.sizeBytes();
      assertThat(matching(attempt)).as("landed bytes").isNotNull();
    }
    assertThat(test.store.space().reservedBytes()).isEqualTo(reserved);
    assertThat(test.names("tmp")).hasSize(2 * parked.size());
    assertThat(test.store.resumable()).isEmpty();
    parked.forEach(StagedBlob::close);
  }

  private static byte[] matching(StagedBlob attempt) {
    byte[] found = TestStore.read(attempt.channel(), attempt.sizeBytes());
    for (byte[] fed : Scenario.FED.get(attempt.expected())) {
      if (attempt.landed().stream().allMatch(range -> same(found, fed, range))) {
        return fed;
      }
    }
    return null;
  }

  private static boolean same(byte[] a, byte[] b, ByteRange range) {
    int from = (int) range.start();
    int to = (int) range.end();
    return Arrays.equals(a, from, to, b, from, to);
  }

  private void finish(StagedBlob attempt) {
    byte[] bytes = matching(attempt);
    Identity expected = attempt.expected();
    try (attempt) {
      attempt.write(0, Bytes.slice(bytes, 0, bytes.length));
      assertThat(attempt.commit()).isEqualTo(Bytes.digest(bytes));
    } catch (StoreException.BlobMismatch e) {
      assertThat(Bytes.digest(bytes)).isNotEqualTo(expected);
    }
  }

  private void publishAgain(TestStore test) {
    for (byte[] bytes : List.of(Scenario.A_BYTES, Scenario.B_BYTES)) {
      Digest digest = test.publish(bytes);
      try (BlobLease lease = test.store.lease(digest).orElseThrow()) {
        assertThat(TestStore.read(lease)).isEqualTo(bytes);
      }
    }
  }

  /** All that lies in the directory and in the ledger, without times. */
  private List<String> state(MemoryLedger ledger) throws IOException {
    List<String> state = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        FileStat stat = disk.stat(file).orElseThrow();
        String bytes =
            stat.kind() == FileStat.Kind.FILE
                ? " " + Arrays.hashCode(Files.readAllBytes(file))
                : "";
        state.add(root.relativize(file) + " " + stat.mode() + bytes);
      }
    }
    ledger.rows().stream().map(Object::toString).sorted().forEach(state::add);
    return state;
  }
}
