package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.Lookup;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.FaultyDisk;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights that pass as fast as the test moves the clock. */
class ScrubTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final Commit COMMIT = new Commit("1".repeat(40));
  private static final EntryPath MODEL = new EntryPath("model.bin");
  private static final long RATE = 1_000_000;
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path root;
  private final FaultyDisk disk = new FaultyDisk(new LocalDisk());
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final InstantSource clock = () -> now;
  private Duration rested = Duration.ZERO;

  /** After so many rests everything ends. */
  private int breaths = Integer.MAX_VALUE;

  private BooleanSupplier busy = () -> false;

  /** What others do while a blob is being hashed. */
  private Runnable meanwhile = () -> {};

  private BlobStore store;
  private HubTree tree;
  private Catalog catalog;
  private Verifier.Refetch hub = away();

  @BeforeEach
  void open() {
    store =
        LocalBlobStore.open(
            root.resolve("larder"),
            disk,
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), new LocalDisk(), store);
    catalog = JdbiCatalog.openInMemory();
  }

  @AfterEach
  void close() {
    catalog.close();
    store.close();
  }

  private static Verifier.Refetch away() {
    return refetch(
        place -> {
          throw new HubTreeException("the hub is away", null);
        });
  }

  private interface Bringing {
    void bring(EntryPath path);
  }

  private static Verifier.Refetch refetch(Bringing how) {
    return new Verifier.Refetch() {
      @Override
      public void fetch(RepoId repo, Commit commit, EntryPath path) {
        how.bring(path);
      }

      @Override
      public Commit resolve(RepoId repo, Revision revision) {
        throw new AssertionError("a scrub asks for no ref");
      }
    };
  }

  private boolean rest(Duration time) {
    now = now.plus(time);
    rested = rested.plus(time);
    if (!time.isZero()) {
      meanwhile.run();
    }
    return --breaths > 0;
  }

  private Scrub scrub() {
    ScrubSettings settings =
        new ScrubSettings(Optional.of(LocalTime.of(3, 0)), ZoneOffset.UTC, RATE);
    return new Scrub(
        store, tree, catalog, hub, settings, clock, this::rest, () -> busy.getAsBoolean());
  }

  /** The first of all looks only notes that nobody scrubbed before. */
  private Scrub begun() {
    Scrub scrub = scrub();
    scrub.runWhenDue();
    return scrub;
  }

  private void nightFalls() {
    now =
        now.atZone(ZoneOffset.UTC).toLocalDate().plusDays(1).atTime(3, 0).toInstant(ZoneOffset.UTC);
  }

  private Digest publish(byte[] bytes) {
    Digest digest = Bytes.digest(bytes);
    try (StagedBlob staged = store.stage(digest, bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      Digest _ = staged.commit();
    }
    return digest;
  }

  private void flip(Digest digest, int bit) throws IOException {
    Path file = store.path(digest);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
  }

  private ScrubStatus.Night last() {
    return scrub().status().last().orElseThrow();
  }

  @Test
  void thousandBlobsWithOneFlippedBitEach_areAllFoundInAMonthAndNoOther() throws IOException {
    Random random = new Random(20260103);
    List<Digest> sound = new ArrayList<>();
    List<Digest> wrong = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      byte[] bytes = Bytes.of(i, 400);
      (i % 6 == 0 ? sound : wrong).add(publish(bytes));
    }
    for (Digest digest : wrong) {
      flip(digest, random.nextInt(400 * 8));
    }
    Scrub scrub = begun();
    long found = 0;

    for (int night = 0; night < 30; night++) {
      nightFalls();
      scrub.runWhenDue();
      found += last().found();
    }

    assertThat(found).isEqualTo(1000);
    assertThat(wrong).allMatch(digest -> store.find(digest) instanceof Lookup.Quarantined);
    assertThat(sound).allMatch(digest -> store.find(digest) instanceof Lookup.Present);
  }

  @Test
  void eachNight_aPartIsHashedNoFasterThanTheRate() {
    for (int i = 0; i < 56; i++) {
      publish(Bytes.of(i, 50_000));
    }
    Scrub scrub = begun();
    nightFalls();

    scrub.runWhenDue();

    assertThat(last().blobs()).isEqualTo(2);
    assertThat(rested).isEqualTo(Duration.ofMillis(100));
    scrub.runWhenDue();
    assertThat(last().blobs()).as("once a night").isEqualTo(2);
    for (int night = 1; night < 28; night++) {
      nightFalls();
      scrub.runWhenDue();
    }
    assertThat(scrub.status().oldestCheck().orElseThrow())
        .as("every blob had its turn")
        .isAfter(now.minus(DAY.multipliedBy(28)));
  }

  @Test
  void cutInTheMiddle_goesOnWhereItWas() {
    for (int i = 0; i < 280; i++) {
      publish(Bytes.of(i, 50_000));
    }
    Scrub scrub = begun();
    nightFalls();
    breaths = 7;
    scrub.runWhenDue();
    long before = last().blobs();
    assertThat(before).isBetween(1L, 9L);
    assertThat(last().endedAt()).isEmpty();
    breaths = Integer.MAX_VALUE;
    now = now.plus(Duration.ofHours(5));

    scrub().runWhenDue();

    assertThat(last().blobs()).isEqualTo(10);
    assertThat(last().endedAt()).isPresent();
    assertThat(
            catalog.checks().checked().values().stream().filter(at -> at.isAfter(last().begunAt())))
        .as("none twice")
        .hasSize((int) (10 - before) + (int) before);
  }

  @Test
  void siteThatWaitsForDownloads_isGivenWayToAndNotForEver() {
    publish(Bytes.of(1, 50_000));
    Scrub scrub = begun();
    nightFalls();
    Instant night = now;
    busy = () -> now.isBefore(night.plusSeconds(30));

    scrub.runWhenDue();

    assertThat(rested).isEqualTo(Duration.ofSeconds(30).plusMillis(50));
    nightFalls();
    busy = () -> true;
    scrub.runWhenDue();
    assertThat(last().blobs()).isEqualTo(1);
  }

  @Test
  void damagedBlob_isFetchedAgainAndEveryLinkToItIsRight() throws IOException {
    byte[] bytes = Bytes.of(2, 60_000);
    Digest digest = publish(bytes);
    for (RepoId repo : List.of(REPO, RepoId.model("o/other"))) {
      tree.publish(repo, COMMIT, MODEL, digest, digest);
      catalog.putEntries(
          List.of(new Catalog.EntryRow(repo, COMMIT, MODEL, digest, bytes.length, true)));
    }
    flip(digest, 77);
    hub =
        refetch(
            path -> {
              publish(bytes);
              tree.publish(RepoId.model("o/other"), COMMIT, path, digest, digest);
            });
    Scrub scrub = begun();
    nightFalls();

    scrub.runWhenDue();

    assertThat(last().found()).isEqualTo(1);
    assertThat(last().repaired()).isEqualTo(1);
    for (RepoId repo : List.of(REPO, RepoId.model("o/other"))) {
      assertThat(tree.find(repo, COMMIT, MODEL).orElseThrow().file()).hasBinaryContent(bytes);
    }
  }

  @Test
  void badSector_isDamageLikeAnyOther() {
    byte[] bytes = Bytes.of(5, 60_000);
    Digest digest = publish(bytes);
    catalog.putEntries(
        List.of(new Catalog.EntryRow(REPO, COMMIT, MODEL, digest, bytes.length, true)));
    hub = refetch(path -> publish(bytes));
    Scrub scrub = begun();
    nightFalls();
    disk.fail(FaultyDisk.Op.OPEN, digest.hex(), 1, "Input/output error");

    scrub.runWhenDue();

    assertThat(last().found()).isEqualTo(1);
    assertThat(last().repaired()).isEqualTo(1);
    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);
    assertThat(store.quarantined())
        .extracting("reason")
        .containsExactly("verify-could-not-read-it");
  }

  @Test
  void blobThatCouldNotBeRead_isNotBookedAsChecked() {
    Digest unread = publish(Bytes.of(6, 60_000));
    Scrub scrub = begun();
    nightFalls();
    scrub.runWhenDue();
    Instant checked = scrub.status().oldestCheck().orElseThrow();
    nightFalls();
    disk.fail(FaultyDisk.Op.OPEN, unread.hex(), 1, "Too many open files");

    scrub.runWhenDue();

    assertThat(last().found()).isEqualTo(1);
    assertThat(last().bytes()).as("nothing was hashed").isZero();
    assertThat(scrub.status().oldestCheck()).contains(checked);
    assertThat(store.find(unread)).isInstanceOf(Lookup.Present.class);
  }

  /** As a {@code verify --repair} beside it does: both have read the same damaged file. */
  @Test
  void blobRepairedBySomebodyElseMeanwhile_staysInTheStore() throws IOException {
    byte[] bytes = Bytes.of(7, 60_000);
    Digest digest = publish(bytes);
    flip(digest, 5);
    meanwhile =
        () -> {
          meanwhile = () -> {};
          FileStat damaged = store.stat(digest).orElseThrow();
          assertThat(store.quarantine(digest, damaged.fingerprint(), "verify found it")).isTrue();
          publish(bytes);
        };
    Scrub scrub = begun();
    nightFalls();

    scrub.runWhenDue();

    assertThat(last().found()).isZero();
    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);
    assertThat(store.quarantined()).hasSize(1);
  }

  @Test
  void lostBlob_hubThereAgain_isFetchedInTheNextNight() {
    byte[] bytes = Bytes.of(3, 1000);
    Digest digest = Bytes.digest(bytes);
    catalog.putEntries(
        List.of(new Catalog.EntryRow(REPO, COMMIT, MODEL, digest, bytes.length, true)));
    catalog.checks().putLost(List.of(digest));
    Scrub scrub = begun();
    nightFalls();
    scrub.runWhenDue();
    assertThat(last().repaired()).isZero();
    assertThat(scrub.status().lostBlobs()).isEqualTo(1);
    hub = refetch(path -> publish(bytes));
    nightFalls();

    scrub().runWhenDue();

    assertThat(last().repaired()).isEqualTo(1);
    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);
  }

  @Test
  void off_neverHashes() {
    publish(Bytes.of(4, 1000));
    Scrub off =
        new Scrub(
            store,
            tree,
            catalog,
            hub,
            new ScrubSettings(Optional.empty(), ZoneOffset.UTC, RATE),
            clock,
            this::rest,
            () -> false);
    nightFalls();

    off.runWhenDue();

    assertThat(off.status().last()).isEmpty();
    assertThat(off.status().next()).isEmpty();
  }
}
