package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.store.BlobLease;
import dev.larder.store.LocalDisk;
import dev.larder.store.Lookup;
import dev.larder.store.RoomMaker.Need;
import dev.larder.store.StoreException.StoreFull;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Room in a store of 1 MB that ten blobs fill. */
@Timeout(30)
final class RoomKeeperTest {
  private static final int SIZE = 100_000;
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path root;
  private final Catalog catalog = JdbiCatalog.openInMemory();
  private final List<Digest> blobs = new ArrayList<>();
  private Set<Snapshot> pulling = Set.of();
  private Kept kept;
  private RoomKeeper keeper;

  @BeforeEach
  void fill() {
    kept = new Kept(root, new LocalDisk(), new StoreLimits(10 * SIZE, 0), catalog);
    keeper = kept.keeper(ballast(), () -> pulling);
    for (int i = 0; i < 10; i++) {
      blobs.add(kept.keep(repo(i), commit(i), "model.bin", Bytes.of(i, SIZE), 1000 - 10 * i));
    }
  }

  private static RepoId repo(int i) {
    return RepoId.model("o/m" + i);
  }

  private static Commit commit(int i) {
    return new Commit(Integer.toString(i).repeat(40));
  }

  private Ballast ballast() {
    return new Ballast(new LocalDisk(), root.resolve("larder"), 100L << 20);
  }

  @AfterEach
  void close() {
    keeper.close();
    kept.close();
    catalog.close();
  }

  private Optional<String> room(long bytes) {
    return kept.store.makeRoom(new Need("a new one", bytes, true, false), LONG);
  }

  private List<Integer> gone() {
    return IntStream.range(0, 10)
        .filter(i -> kept.store.find(blobs.get(i)) instanceof Lookup.Absent)
        .boxed()
        .toList();
  }

  @Test
  void room_isMadeByWhoWasUsedLongestAgo_andEachIsRecorded() {
    assertThat(kept.store.missing(250_000)).isEqualTo(250_000);

    assertThat(room(250_000)).isEmpty();

    assertThat(gone()).containsExactly(0, 1, 2);
    assertThat(kept.store.missing(250_000)).isZero();
    List<EvictionRow> records = catalog.space().evictions(Instant.EPOCH, 100);
    assertThat(records).hasSize(3);
    assertThat(records.getFirst().repo()).contains(repo(0));
    assertThat(records.getFirst().reason())
        .isEqualTo("not used for 16 minutes, and nothing older could go");
    assertThat(records.getFirst().roomFor()).isEqualTo("a new one");
    assertThat(kept.tree.inspect(repo(0)).map(found -> found.refs().size()).orElse(0)).isZero();
  }

  /** As after a download by Python, of which the catalog has not heard. */
  @Test
  void pinOfABranch_keepsWhatTheTreeMeansByIt() {
    catalog.putRef(
        new Catalog.RefRow(repo(0), Revision.MAIN, commit(9), Kept.NOW.minusSeconds(5000)));
    kept.tree.writeRef(repo(0), Revision.MAIN, commit(0));
    catalog
        .space()
        .putPin(
            new PinRow(repo(0), Optional.of(Revision.MAIN), "ann", Kept.NOW, Optional.empty(), ""));

    assertThat(room(100_000)).isEmpty();

    assertThat(gone()).containsExactly(1);
  }

  @Test
  void whatIsReadPinnedOrBeingPulled_stays_andIsNamed() {
    pulling = Set.of(new Snapshot(repo(1), commit(1)));
    catalog
        .space()
        .putPin(new PinRow(repo(2), Optional.empty(), "ann", Kept.NOW, Optional.empty(), ""));
    try (BlobLease lease = kept.store.lease(blobs.get(0)).orElseThrow()) {
      assertThat(room(800_000))
          .get()
          .asString()
          .contains(
              "pinned by ann 100.0 kB", "part of a running pull 100.0 kB", "being read 100.0 kB")
          .contains("evictable 700.0 kB");
      assertThat(gone()).isEmpty();

      assertThat(room(700_000)).isEmpty();
      assertThat(gone()).containsExactly(3, 4, 5, 6, 7, 8, 9);
      assertThat(lease.isSound()).isTrue();
    }
  }

  /** Larder put it into the tree, and somebody gave the file another name since. */
  @Test
  void wishThatOnlyASharedFileCouldMeet_evictsNobody() throws IOException {
    Files.createLink(root.resolve("mine.bin"), kept.store.path(blobs.get(5)));
    Path linked = root.resolve("hub/models--o--m7/snapshots").resolve(commit(1).hex());
    Files.createDirectories(linked);
    Files.createSymbolicLink(
        linked.resolve("again.bin"), Path.of("../../blobs", blobs.get(7).hex()));

    assertThat(room(900_000))
        .get()
        .asString()
        .contains("shared with files that other programs put into the cache directory 200.0 kB")
        .contains("evictable 800.0 kB");
    assertThat(gone()).isEmpty();

    assertThat(room(600_000)).isEmpty();
    assertThat(gone()).containsExactly(0, 1, 2, 3, 4, 6);
  }

  /** Somebody's bug, or memory that is all used up. */
  @Test
  void failureOfAnyKind_isToldToWhoWaits_andTheNextOneIsServed() {
    AtomicBoolean broken = new AtomicBoolean(true);
    RoomKeeper failing =
        kept.keeper(
            ballast(),
            () -> {
              if (broken.get()) {
                throw new StackOverflowError("a test");
              }
              return Set.of();
            });
    try (failing) {
      long started = System.nanoTime();
      assertThatThrownBy(() -> room(SIZE)).hasRootCauseMessage("a test");
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(LONG);
      broken.set(false);
      assertThat(room(SIZE)).isEmpty();
    }
  }

  @Test
  void clientsObjectOfMoreThanAQuarter_evictsNobody() {
    Need huge = new Need("a huge one", 250_001, false, false);
    assertThat(kept.store.makeRoom(huge, LONG)).get().asString().contains("a quarter of 1.0 MB");
    assertThat(gone()).isEmpty();
    Need quarter = new Need("a large one", 250_000, false, false);
    assertThat(kept.store.makeRoom(quarter, LONG)).isEmpty();
  }

  /** Without a byte to spare, many at once: each gets its room and nobody's is given twice. */
  @Test
  void manyAtOnce_areServedTogether_andTheLimitHolds() throws Exception {
    CountDownLatch together = new CountDownLatch(1);
    List<Future<Boolean>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        byte[] bytes = Bytes.of(100 + i, SIZE / 4);
        all.add(
            threads.submit(
                () -> {
                  together.await();
                  return stored(bytes);
                }));
      }
      together.countDown();
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(kept.store.space().reservedBytes()).isZero();
    assertThat(kept.store.space().storedBytes()).isLessThanOrEqualTo(10L * SIZE);
    assertThat(gone()).containsExactly(0, 1, 2, 3);
  }

  private boolean stored(byte[] bytes) {
    Digest digest = Bytes.digest(bytes);
    for (int tries = 0; tries < 100; tries++) {
      try (var staged = kept.store.stage(digest, bytes.length, Map.of())) {
        staged.write(0, ByteBuffer.wrap(bytes));
        return staged.commit().equals(digest);
      } catch (StoreFull _) {
        Need need = new Need("one of many", bytes.length, false, false);
        assertThat(kept.store.makeRoom(need, LONG)).isEmpty();
      }
    }
    return false;
  }

  /** An add that fails leaves nothing reserved, however often. */
  @Test
  void failedAdds_leaveNoReservation() {
    for (int i = 0; i < 1_000; i++) {
      assertThatThrownBy(() -> kept.store.stage(blobs.getFirst(), 2L * SIZE * 10, Map.of()))
          .isInstanceOf(StoreFull.class);
    }
    assertThat(room(SIZE)).isEmpty();
    for (int i = 0; i < 300; i++) {
      try (var staged = kept.store.stage(blobs.getFirst(), SIZE, Map.of())) {
        staged.write(0, ByteBuffer.wrap(new byte[10]));
        staged.discard();
      }
    }
    assertThat(kept.store.space().reservedBytes()).isZero();
    assertThat(kept.store.missing(SIZE)).isZero();
  }

  @Test
  void server_goesDownTo80Percent_whenMoreThan90AreUsed() {
    keeper.begin(true);
    keeper.close(); // Lets the blob in hand go, and no other.
    assertThat(gone().size()).isBetween(0, 2);
    try (RoomKeeper again = kept.keeper(ballast(), Set::of)) {
      again.begin(true);
      Need none = new Need("nothing", 0, true, false);
      assertThat(again.makeRoom(none, LONG)).isEmpty(); // Behind what was begun.
      assertThat(gone()).containsExactly(0, 1);
      assertThat(root.resolve("larder/ballast")).hasSize(1 << 20);
    }
  }

  /** Who would know what is needed? */
  @Test
  void catalogThatIsBeingRebuilt_nothingIsEvicted() {
    RoomKeeper early =
        new RoomKeeper(
            new RoomKeeper.Parts(
                kept.store,
                kept.tree,
                catalog,
                kept.removal,
                ballast(),
                Set::of,
                () -> {},
                InstantSource.fixed(Kept.NOW)));
    try (early) {
      Need need = new Need("a new one", SIZE, true, false);
      assertThat(early.makeRoom(need, LONG)).get().asString().contains("rebuilt");
      early.grew();
    }
    assertThat(gone()).isEmpty();
  }

  @Test
  void closed_nobodyWaits() {
    keeper.close();
    assertThat(room(SIZE)).get().asString().contains("shutting down");
    assertThat(gone()).isEmpty();
  }

  /** A row that cannot be marked: the blob is as good as before, and counted. */
  @Test
  void removal_thatCannotBeNoted_changesNothing() {
    catalog.close();
    assertThatThrownBy(() -> kept.store.remove(blobs.getFirst()))
        .isInstanceOf(CatalogException.class);
    assertThat(gone()).isEmpty();
    assertThat(kept.store.space().storedBytes()).isEqualTo(10L * SIZE);
    assertThat(kept.store.lease(blobs.getFirst())).hasValueSatisfying(BlobLease::close);
  }
}
