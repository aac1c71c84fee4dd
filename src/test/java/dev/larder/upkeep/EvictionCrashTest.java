package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.BlobLedger;
import dev.larder.store.BlobStore.StoredBlob;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.CrashImage;
import dev.larder.testing.DiskOp;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.PowerCut;
import dev.larder.testing.PowerCut.Loss;
import dev.larder.testing.RecordingDisk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An eviction that ends after any change of the disk, and what is left then. */
final class EvictionCrashTest {
  private static final Set<String> CHANGES =
      Set.of("create", "link", "symlink", "rename", "delete", "createDirectories", "chmod");

  private static final RepoId A = RepoId.model("o/a");
  private static final RepoId B = RepoId.model("o/b");
  private static final Commit OLD = new Commit("1".repeat(40));
  private static final Commit NEW = new Commit("2".repeat(40));
  private static final byte[] ONLY_OLD = Bytes.of(1, 4000);
  private static final byte[] SHARED = Bytes.of(2, 5000);
  private static final byte[] ONLY_NEW = Bytes.of(3, 6000);

  private static final long SEED = 20260601;
  private static final int COINS = 2;
  private static final Loss[] LOSSES = {Loss.ALL, Loss.SOME};

  @TempDir Path directory;

  /** The process was killed. */
  private static final class Ended extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static Disk endingAfter(int changes) {
    Disk real = new LocalDisk();
    int[] left = {changes};
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (CHANGES.contains(method.getName()) && left[0]-- <= 0) {
                throw new Ended();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void eviction_endedAfterAnyChange_leavesAWholeTreeAndCanBeFinished() throws IOException {
    int steps = 0;
    for (boolean ended = false; !ended; steps++) {
      Path root = directory.resolve("root-" + steps);
      try (Catalog catalog = JdbiCatalog.openInMemory()) {
        fill(root, catalog);
        ended = evictAll(root, endingAfter(startingChanges(root, catalog) + steps), catalog);
        check(root, catalog, "after " + steps + " changes");
      }
    }
    assertThat(steps).isGreaterThan(8);
  }

  /**
   * What was not synced may be lost, each name on its own, and so may the catalog's last words:
   * whatever is left is whole, and the same eviction finishes.
   */
  @Test
  void eviction_powerCutAtAnyChange_leavesAWholeTreeAndCanBeFinished() throws IOException {
    Path recorded = Files.createDirectory(directory.resolve("recorded"));
    RecordingDisk disk = new RecordingDisk(new LocalDisk(), recorded);
    try (Catalog catalog = JdbiCatalog.openInMemory()) {
      List<Forgotten> forgotten = new ArrayList<>();
      Catalog noting = noting(catalog, disk, forgotten);
      BlobLedger ledger = disk.recording(new Kept.Rows(catalog));
      List<ShownRow> shown;
      int before;
      try (Kept kept = new Kept(recorded, disk, StoreLimits.none(), noting, ledger)) {
        fill(kept);
        shown = Stream.of(A, B).flatMap(repo -> catalog.putInto(repo).stream()).toList();
        before = disk.log().size();
        evictAll(kept, new Ballast(disk, recorded.resolve("larder"), 0));
        assertThat(kept.store.list()).isEmpty();
      }
      List<Cut> cuts = cuts(disk.log(), before);
      assertThat(cuts.size()).isGreaterThan(disk.log().size() - before);
      for (Cut cut : cuts) {
        List<ShownRow> left = new ArrayList<>(shown);
        forgotten.stream()
            .filter(each -> each.after() <= cut.after())
            .forEach(each -> left.removeAll(each.rows()));
        check(cut, left, catalog, "with the rows as they were");
        if (!left.equals(shown)) {
          check(cut, shown, catalog, "with no row forgotten");
        }
      }
    }
  }

  /** {@code after}: so many changes of the disk came before it. */
  private record Forgotten(int after, List<ShownRow> rows) {}

  private record Cut(int after, CrashImage image) {}

  @SuppressWarnings("unchecked")
  private static Catalog noting(Catalog catalog, RecordingDisk disk, List<Forgotten> forgotten) {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, arguments) -> {
              if (method.getName().equals("forgetShown")) {
                forgotten.add(new Forgotten(disk.log().size(), (List<ShownRow>) arguments[0]));
              }
              try {
                return method.invoke(catalog, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static List<Cut> cuts(List<DiskOp> log, int before) {
    PowerCut cut = new PowerCut("larder", "boot");
    Random random = new Random(SEED);
    Set<String> seen = new HashSet<>();
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      cut.apply(log.get(i));
      for (Loss loss : i + 1 < before ? new Loss[0] : LOSSES) {
        for (int coin = 0; coin < (loss == Loss.SOME ? COINS : 1); coin++) {
          CrashImage image = cut.image(loss, random);
          if (seen.add(image.fingerprint())) {
            cuts.add(new Cut(i + 1, image));
          }
        }
      }
    }
    return cuts;
  }

  private void check(Cut cut, List<ShownRow> shown, Catalog catalog, String how)
      throws IOException {
    String when = "cut after " + cut.after() + " changes, " + how + " (seed " + SEED + ")";
    Path root = Files.createTempDirectory(directory, "cut");
    cut.image().buildIn(root);
    LocalDisk disk = new LocalDisk();
    MemoryLedger ledger = cut.image().ledger(disk, root.resolve("larder"));
    Stream.of(A, B).forEach(repo -> catalog.forgetShown(catalog.putInto(repo)));
    shown.forEach(catalog::putShown);
    try (Kept kept = new Kept(root, disk, StoreLimits.none(), catalog, ledger)) {
      check(root, kept, when);
    }
  }

  private static void fill(Path root, Catalog catalog) {
    try (Kept kept = new Kept(root, new LocalDisk(), StoreLimits.none(), catalog)) {
      fill(kept);
    }
  }

  private static void fill(Kept kept) {
    kept.keep(A, OLD, "old.bin", ONLY_OLD, 50);
    kept.keep(A, OLD, "shared.bin", SHARED, 40);
    kept.keep(B, OLD, "deep/er/shared.bin", SHARED, 40);
    kept.keep(A, NEW, "shared.bin", SHARED, 40);
    kept.keep(A, NEW, "new.bin", ONLY_NEW, 30);
  }

  /** Opening a store changes things too, and is not what is looked at here. */
  private static int startingChanges(Path root, Catalog catalog) {
    int[] counted = {0};
    Disk counting =
        (Disk)
            Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (_, method, arguments) -> {
                  if (CHANGES.contains(method.getName())) {
                    counted[0]++;
                  }
                  try {
                    return method.invoke(new LocalDisk(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Kept kept = new Kept(root, counting, StoreLimits.none(), catalog);
    int changes = counted[0];
    kept.close();
    return changes;
  }

  /** As the plan orders it, until it is done or the process is killed. */
  private static boolean evictAll(Path root, Disk disk, Catalog catalog) {
    Kept kept = new Kept(root, disk, StoreLimits.none(), catalog);
    try {
      evictAll(kept, new Ballast(disk, root.resolve("larder"), 0));
      return true;
    } catch (Ended e) {
      return false;
    }
  }

  private static void evictAll(Kept kept, Ballast ballast) {
    Eviction eviction =
        new Eviction(kept.removal, kept.catalog, ballast, InstantSource.fixed(Kept.NOW));
    var found = new Survey(kept.store, kept.tree, kept.catalog, Set::of).at(Kept.NOW);
    var plan =
        EvictionPlan.of(found.stream().map(Survey.Surveyed::candidate).toList(), 20_000, Kept.NOW);
    assertThat(plan.victims()).hasSize(found.size());
    plan.victims().forEach(victim -> eviction.evict(victim, List.of(), "a test"));
  }

  private static void check(Path root, Catalog catalog, String when) throws IOException {
    try (Kept kept = new Kept(root, new LocalDisk(), StoreLimits.none(), catalog)) {
      check(root, kept, when);
    }
  }

  private static void check(Path root, Kept kept, String when) throws IOException {
    checkWhole(root, kept, when);
    for (StoredBlob blob : kept.store.list()) {
      assertThat(kept.removal.remove(blob.digest())).as(when).isInstanceOf(Removed.Freed.class);
    }
    assertThat(files(root.resolve("larder/store"))).as(when).isEmpty();
    assertThat(files(root.resolve("hub"))).as(when).allMatch(EvictionCrashTest::isNoContent);
    Digest again = kept.keep(B, NEW, "again.bin", ONLY_OLD, 0);
    assertThat(kept.store.lease(again)).as(when).hasValueSatisfying(lease -> lease.close());
    checkWhole(root, kept, when);
  }

  private static void checkWhole(Path root, Kept kept, String when) throws IOException {
    for (FoundRepo repo : kept.tree.scan()) {
      assertThat(repo.problems()).as(when).isEmpty();
      Set<Commit> named =
          repo.refs().stream().map(FoundRef::commit).collect(Collectors.toUnmodifiableSet());
      assertThat(repo.snapshots())
          .as("no ref to an empty snapshot " + when)
          .noneMatch(each -> named.contains(each.commit()) && each.files().isEmpty());
    }
    for (Path file : files(root.resolve("larder/store"))) {
      assertThat(Bytes.digest(Files.readAllBytes(file)).hex())
          .as(when)
          .isEqualTo(file.getFileName().toString());
    }
    for (StoredBlob blob : kept.store.list()) {
      assertThat(kept.store.path(blob.digest())).as(when).hasSize(blob.sizeBytes());
    }
  }

  /** The cache's own tag, say. */
  private static boolean isNoContent(Path file) {
    return !file.toString().contains("/blobs/") && !file.toString().contains("/snapshots/");
  }

  private static List<Path> files(Path from) throws IOException {
    if (Files.notExists(from)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(from)) {
      return files.filter(f -> !Files.isDirectory(f)).toList();
    }
  }
}
