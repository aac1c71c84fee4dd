package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.store.BlobLedger.BlobRow;
import dev.larder.store.BlobLedger.State;
import dev.larder.testing.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does about blobs that were published shortly before an unclean stop. */
final class StoreUncleanTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void lease_lostByACrash_isQuarantinedAndNotGivenOut() throws Exception {
    TestStore killed = TestStore.in(directory);
    killed.publish(BYTES);
    lose(killed);
    try (TestStore test = killed.again("boot-2")) {
      assertThat(test.store.tryLease(DIGEST)).isEmpty();
      assertThat(test.store.lease(DIGEST)).isEmpty();
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Quarantined.class);
      assertThat(test.names("quarantine")).singleElement().asString().endsWith("lost-by-a-crash");
      test.publish(BYTES);
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Present.class);
    }
  }

  @Test
  void background_lostByACrash_isFoundBeforeAnybodyAsks() throws Exception {
    TestStore killed = TestStore.in(directory);
    killed.publish(BYTES);
    lose(killed);
    try (TestStore test = killed.again()) {
      test.store.awaitBackground();
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Quarantined.class);
    }
  }

  @Test
  void open_shorterThanItsRow_isQuarantinedAtOnce() throws Exception {
    TestStore killed = TestStore.in(directory);
    killed.publish(BYTES);
    Path file = killed.store.path(DIGEST);
    Files.delete(file);
    Files.write(file, Bytes.of(1, 1000));
    try (TestStore test = killed.again()) {
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Quarantined.class);
    }
  }

  @Test
  void lease_soundAfterACrash_isGivenAndTheNextStopIsClean() {
    TestStore killed = TestStore.in(directory);
    killed.publish(BYTES);
    assertThat(mark(killed)).exists();
    try (TestStore test = killed.again()) {
      try (BlobLease lease = test.store.lease(DIGEST).orElseThrow()) {
        assertThat(TestStore.read(lease)).isEqualTo(BYTES);
      }
      test.store.awaitBackground();
      assertThat(mark(test)).exists();
    }
    assertThat(mark(killed)).doesNotExist();
  }

  @Test
  void open_afterACleanStop_hashesNothing() throws Exception {
    TestStore stopped = TestStore.in(directory);
    stopped.publish(BYTES);
    stopped.close();
    lose(stopped);
    try (TestStore test = stopped.again()) {
      test.store.awaitBackground();
      // Nobody can know of it without hashing: 'larder verify' finds it.
      assertThat(test.store.find(DIGEST)).isInstanceOf(Lookup.Present.class);
      assertThat(mark(test)).doesNotExist();
    }
  }

  @Test
  void mark_whileBlobsAreInDoubt_staysAfterAStop() throws Exception {
    Suspects first = suspects(NOW);
    first.publishing();
    Suspects second = suspects(NOW.plus(Duration.ofHours(1)));
    OptionalLong since = second.load();
    second.add(DIGEST);
    second.publishing();
    second.published(nanos(NOW.plus(Duration.ofHours(1))));
    second.close();
    assertThat(suspects(NOW).load()).isEqualTo(since);
  }

  @Test
  void mark_asBlobsArePublished_meansTenToTwentyMinutes() throws Exception {
    Suspects suspects = suspects(NOW);
    suspects.publishing();
    assertThat(suspects(NOW).load()).hasValue(nanos(NOW.minus(Duration.ofMinutes(10))));
    suspects.published(nanos(NOW.plus(Duration.ofMinutes(9))));
    assertThat(suspects(NOW).load()).hasValue(nanos(NOW.minus(Duration.ofMinutes(10))));
    suspects.published(nanos(NOW.plus(Duration.ofMinutes(30))));
    assertThat(suspects(NOW).load()).hasValue(nanos(NOW.plus(Duration.ofMinutes(20))));
    // The clock was set back.
    suspects.published(nanos(NOW.minus(Duration.ofDays(1))));
    assertThat(suspects(NOW).load().getAsLong()).isLessThan(nanos(NOW.minus(Duration.ofDays(1))));
  }

  @Test
  void mark_thatSaysNothing_putsEverythingInDoubt() throws Exception {
    Suspects suspects = suspects(NOW);
    suspects.publishing();
    Files.writeString(directory.resolve("larder").resolve(Suspects.FILE_NAME), "sin");
    assertThat(suspects(NOW).load()).hasValue(Long.MIN_VALUE);
  }

  private Suspects suspects(Instant now) throws Exception {
    BlobLayout layout = new BlobLayout(directory.resolve("larder"));
    Files.createDirectories(layout.tmp());
    return new Suspects(new LocalDisk(), layout, InstantSource.fixed(now));
  }

  private static long nanos(Instant time) {
    return time.toEpochMilli() * 1_000_000L;
  }

  private static Path mark(TestStore test) {
    return test.larder.resolve(Suspects.FILE_NAME);
  }

  /** Other bytes, and the row has the file's size and times: as a disk leaves it that lied. */
  private static void lose(TestStore test) throws Exception {
    Path file = test.store.path(DIGEST);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, new byte[BYTES.length]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    var now = new LocalDisk().stat(file).orElseThrow().fingerprint();
    test.ledger.put(new BlobRow(DIGEST, now, State.READY));
  }
}
