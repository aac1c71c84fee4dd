package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.State;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of a cache directory as huggingface_hub lays it out. */
class InventoryTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final RepoId OTHER = RepoId.model("o/s");
  private static final Commit COMMIT = new Commit("1".repeat(40));
  private static final Commit NEXT = new Commit("2".repeat(40));

  private static final InstantSource HOUR_LATER =
      () -> InstantSource.system().instant().plus(Duration.ofHours(1));

  @TempDir Path root;

  /** Whose folders were read. */
  private final List<RepoId> read = Collections.synchronizedList(new ArrayList<>());

  private final Catalog catalog = JdbiCatalog.openInMemory();
  private LocalBlobStore store;
  private HubTree tree;
  private Inventory inventory;
  private int moments;

  @BeforeEach
  void open() throws IOException {
    store =
        LocalBlobStore.open(
            root.resolve("larder"),
            new LocalDisk(),
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), new LocalDisk(), store);
    // What was made just now is old to it.
    inventory = new Inventory(store, watched(tree), catalog, HOUR_LATER);
    file(REPO, COMMIT, "config.json", "a".repeat(40), 10);
    file(REPO, COMMIT, "deep/er/model.bin", "b".repeat(64), 100);
    ref(REPO, "main", COMMIT);
  }

  @AfterEach
  void close() {
    store.close();
    catalog.close();
  }

  private HubTree watched(HubTree real) {
    return (HubTree)
        Proxy.newProxyInstance(
            HubTree.class.getClassLoader(),
            new Class<?>[] {HubTree.class},
            (_, method, arguments) -> {
              if (method.getName().equals("look")) {
                read.add((RepoId) arguments[0]);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Path folder(RepoId repo) {
    return root.resolve("hub").resolve(repo.folder());
  }

  private void file(RepoId repo, Commit commit, String path, String blob, int size)
      throws IOException {
    Path blobs = Files.createDirectories(folder(repo).resolve("blobs"));
    if (Files.notExists(blobs.resolve(blob))) {
      Files.write(blobs.resolve(blob), new byte[size]);
    }
    Path link = folder(repo).resolve("snapshots").resolve(commit.hex()).resolve(path);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, link.getParent().relativize(blobs.resolve(blob)));
    later(blobs);
    later(link.getParent());
  }

  private void ref(RepoId repo, String name, Commit commit) throws IOException {
    Path refs = Files.createDirectories(folder(repo).resolve("refs"));
    Files.writeString(refs.resolve(name), commit.hex());
    later(refs.resolve(name));
  }

  /** Two changes within one tick of the file system's clock would look alike. */
  private void later(Path changed) throws IOException {
    Instant time = Instant.parse("2026-01-02T00:00:00Z").plusSeconds(++moments);
    Files.setLastModifiedTime(changed, FileTime.from(time));
  }

  private RepoListing listed() {
    return inventory.list().getFirst();
  }

  @Test
  void list_aSecondTime_readsNoFolderAndSaysTheSame() {
    List<RepoListing> first = inventory.list();
    read.clear();

    assertThat(inventory.list()).isEqualTo(first);

    assertThat(read).isEmpty();
    assertThat(first.getFirst().files())
        .containsExactly(
            new CachedFile(COMMIT, new EntryPath("config.json"), 10, "a".repeat(40)),
            new CachedFile(COMMIT, new EntryPath("deep/er/model.bin"), 100, "b".repeat(64)));
  }

  /** A catalog may be damaged where no page shows it. */
  @Test
  void list_whatWasReadBeforeIsNonsense_readsTheFolder() {
    List<RepoListing> sound = inventory.list();
    byte[] counts = catalog.scans().all().getOrDefault(REPO, new byte[0]);
    for (int at = 0; at < counts.length; at++) {
      byte[] wrong = counts.clone();
      wrong[at] ^= (byte) 0x80; // Of a count this is the sign.
      catalog.scans().put(Map.of(REPO, Arrays.copyOf(wrong, Math.max(at + 1, counts.length / 2))));

      assertThat(inventory.list()).as("byte %d", at).isEqualTo(sound);
    }
    catalog.scans().put(Map.of(REPO, new byte[] {1, 0, -1, -1, -1, -1}));
    assertThat(inventory.list()).isEqualTo(sound);
  }

  @Test
  void list_afterAChangeInANestedDirectory_readsThatRepoAlone() throws IOException {
    file(OTHER, COMMIT, "x", "c".repeat(40), 1);
    inventory.list();
    read.clear();
    file(REPO, COMMIT, "deep/er/new.bin", "d".repeat(64), 1_000);

    assertThat(listed().sizeBytes()).isEqualTo(1_110);

    assertThat(read).containsExactly(REPO);
  }

  @Test
  void list_afterARefWasRewrittenInItsPlace_saysTheNewCommit() throws IOException {
    file(REPO, NEXT, "config.json", "a".repeat(40), 10);
    assertThat(listed().refs().getFirst().commit()).isEqualTo(COMMIT);
    ref(REPO, "main", NEXT);

    assertThat(listed().refs().getFirst().commit()).isEqualTo(NEXT);
  }

  @Test
  void list_afterABlobGrewInItsPlace_saysTheNewSize() throws IOException {
    inventory.list();
    Files.write(folder(REPO).resolve("blobs").resolve("a".repeat(40)), new byte[50]);

    assertThat(listed().sizeBytes()).isEqualTo(150);
  }

  @Test
  void list_afterABlobIsGone_saysDamaged() throws IOException {
    assertThat(listed().state()).isEqualTo(State.UNKNOWN);
    Files.delete(folder(REPO).resolve("blobs").resolve("a".repeat(40)));

    assertThat(listed().state()).isEqualTo(State.DAMAGED);
  }

  @Test
  void list_rescan_readsEveryFolder() {
    inventory.list();
    read.clear();

    inventory.list(new ListRequest(false, true));

    assertThat(read).containsExactly(REPO);
  }

  @Test
  void list_ofAFolderThatWent_forgetsIt() throws IOException {
    inventory.list();
    assertThat(catalog.scans().all()).containsOnlyKeys(REPO);
    Files.move(folder(REPO), root.resolve("away"));

    assertThat(inventory.list()).isEmpty();

    assertThat(catalog.scans().all()).isEmpty();
  }

  @Test
  void list_whileAFolderIsStillNew_remembersNothingOfIt() {
    new Inventory(store, tree, catalog, InstantSource.system()).list();

    assertThat(catalog.scans().all()).isEmpty();
  }

  @Test
  void list_withoutFiles_stillCountsThem() {
    RepoListing listing = inventory.list(new ListRequest(false, false)).getFirst();

    assertThat(listing.files()).isEmpty();
    assertThat(listing.fileCount()).isEqualTo(2);
  }

  @Test
  void state_tellsCompleteFromPartialFromUnknown() {
    assertThat(listed().state()).isEqualTo(State.UNKNOWN);
    tree.writeListing(REPO, COMMIT, List.of(entry("config.json"), entry("missing.bin")));
    assertThat(listed().state()).isEqualTo(State.PARTIAL);
    tree.writeListing(REPO, COMMIT, List.of(entry("config.json"), entry("deep/er/model.bin", 100)));
    assertThat(listed().state()).isEqualTo(State.COMPLETE);
  }

  /**
   * Also of a folder that was read while all was well: a blob is cut short without a trace there.
   */
  @Test
  void state_ofAFileThatWasCutShort_isDamagedUntilItIsWholeAgain() throws IOException {
    tree.writeListing(REPO, COMMIT, List.of(entry("config.json"), entry("deep/er/model.bin", 100)));
    assertThat(listed().state()).isEqualTo(State.COMPLETE);
    assertThat(listed().state()).isEqualTo(State.COMPLETE);
    Path blob = folder(REPO).resolve("blobs").resolve("b".repeat(64));

    Files.write(blob, new byte[99]);

    assertThat(listed().state()).isEqualTo(State.DAMAGED);
    assertThat(listed().problems())
        .containsExactly(
            "snapshots/%s/deep/er/model.bin has 99 bytes and should have 100.".formatted(COMMIT));
    Files.write(blob, new byte[100]);
    assertThat(listed().state()).isEqualTo(State.COMPLETE);
  }

  /** huggingface_hub writes listings with mode 0600, and refs by the umask. */
  @Test
  void list_whatThisUserMayNotRead_isAsNone_andHidesNothingElse() throws IOException {
    file(OTHER, COMMIT, "own", "c".repeat(40), 7);
    ref(OTHER, "main", COMMIT);
    tree.writeListing(REPO, COMMIT, List.of(entry("config.json"), entry("deep/er/model.bin", 100)));
    tree.writeListing(OTHER, COMMIT, List.of(entry("own", 7)));
    Path listing = folder(REPO).resolve("trees").resolve(COMMIT + ".json");
    Path ref = folder(OTHER).resolve("refs/main");
    HubTree anothers =
        LocalHubTree.open(root.resolve("hub"), refusing(Set.of(listing, ref)), store);

    List<RepoListing> all = new Inventory(store, anothers, catalog, HOUR_LATER).list();

    assertThat(all).extracting(RepoListing::state).containsExactly(State.UNKNOWN, State.UNKNOWN);
    assertThat(all).extracting(RepoListing::sizeBytes).containsExactly(110L, 7L);
    assertThat(all.getFirst().problems())
        .singleElement()
        .asString()
        .startsWith("trees/" + COMMIT + ".json may not be read by this user");
    assertThat(all.getLast().problems()).containsExactly("refs/main may not be read by this user.");
    assertThat(anothers.listing(REPO, COMMIT)).isEmpty();
    assertThat(anothers.ref(OTHER, Revision.MAIN)).isEmpty();
    // What a ref keeps is not known then, so nothing of the repo may be removed.
    assertThat(anothers.clearing().look(OTHER).orElseThrow().doubts())
        .extracting(HubTree.Problem::text)
        .containsExactly("refs/main may not be read by this user.");
  }

  /** The disk as another user sees it; these tests may run as root, who may read everything. */
  private static Disk refusing(Set<Path> files) {
    Disk disk = new LocalDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (method.getName().startsWith("open") && files.contains(arguments[0])) {
                throw new AccessDeniedException(arguments[0].toString());
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static ListedFile entry(String path) {
    return entry(path, 10);
  }

  private static ListedFile entry(String path, long size) {
    return new ListedFile(new EntryPath(path), size, "a".repeat(40), Optional.empty());
  }

  @Test
  void totalBytes_countAHardLinkOnce() throws IOException {
    file(OTHER, COMMIT, "own", "c".repeat(40), 7);
    String shared = "b".repeat(64);
    Files.createLink(
        folder(OTHER).resolve("blobs").resolve(shared),
        folder(REPO).resolve("blobs").resolve(shared));
    file(OTHER, COMMIT, "same.bin", shared, 100);

    List<RepoListing> all = inventory.list();

    assertThat(all).extracting(RepoListing::sizeBytes).containsExactly(110L, 107L);
    assertThat(RepoListing.totalBytes(all)).isEqualTo(117);
    assertThat(RepoListing.totalBytes(all.subList(1, 2))).isEqualTo(107);
  }
}
