package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Disk;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.Problem.Kind;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.store.BlobLedger;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.CrashImage;
import dev.larder.testing.DiskOp;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.PowerCut;
import dev.larder.testing.RecordingDisk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A restore that ends after any change to the disk, and is run again. */
class RestoreCrashTest extends ProvisionFixture {
  private static final Set<String> CHANGES =
      Set.of(
          "create",
          "link",
          "symlink",
          "rename",
          "delete",
          "createDirectories",
          "syncDirectory",
          "syncFile",
          "chmod");

  private static final long SEED = 20260203;

  /** A coin is thrown twice. */
  private static final List<PowerCut.Loss> LOSSES =
      List.of(
          PowerCut.Loss.NOTHING,
          PowerCut.Loss.ALL,
          PowerCut.Loss.DATA,
          PowerCut.Loss.ZEROS,
          PowerCut.Loss.NAMES,
          PowerCut.Loss.TORN,
          PowerCut.Loss.SOME,
          PowerCut.Loss.SOME);

  /** A folder may have blobs and no snapshots yet; that is nothing wrong of these kinds. */
  private static final Set<Kind> WRONG = Set.of(Kind.REF, Kind.LINK);

  /** The process is gone. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static Disk until(int steps) {
    Disk real = new LocalDisk();
    AtomicInteger left = new AtomicInteger(steps);
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (CHANGES.contains(method.getName()) && left.getAndDecrement() <= 0) {
                throw new Killed();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** True when it was restored before the steps were used up. */
  private static boolean restored(
      Path root, Disk disk, BlobLedger ledger, Catalog catalog, Path archive) {
    BlobStore store =
        LocalBlobStore.open(root.resolve("larder"), disk, ledger, StoreLimits.none(), CLOCK);
    try {
      HubTree tree = LocalHubTree.open(root.resolve("hub"), disk, store);
      Rooms rooms = new Rooms(store, catalog, tree, disk, _ -> {}, CLOCK);
      new LocalArchives(List.of(rooms), _ -> rooms, AWAY)
          .restore(new RestoreRequest(archive, false), Follower.NONE);
      return true;
    } catch (Killed | IllegalStateException e) {
      assertThat(e instanceof Killed || e.getCause() instanceof Killed).as("%s", e).isTrue();
      return false;
    } finally {
      try {
        store.close();
      } catch (Killed _) {
        // It was not closed by a killed process either.
      }
    }
  }

  @Test
  void restore_killedAfterAnyStep_leavesASoundCacheAndIsFinishedByTheNext() throws IOException {
    Site from = filled("from");
    Path archive = directory.resolve("a.tar.zst");
    from.backup(archive);
    int steps = opening();
    int first = steps;
    for (boolean ended = false; !ended; steps++) {
      Path root = directory.resolve("killed-" + steps);
      MemoryLedger ledger = new MemoryLedger();
      try (Catalog catalog = JdbiCatalog.openInMemory()) {
        ended = restored(root, until(steps), ledger, catalog, archive);
        requireSound(root, steps);
        assertThat(restored(root, new LocalDisk(), ledger, catalog, archive)).isTrue();
      }
      assertSameSnapshot(from.hub(), root.resolve("hub"));
      assertThat(files(root.resolve("larder/tmp"))).as("after %d steps", steps).isEmpty();
      assertThat(files(root.resolve("larder/quarantine"))).isEmpty();
    }
    assertThat(steps - first).isGreaterThan(30);
  }

  /** A power cut after each change, which takes what was not synced, all of it or by a coin. */
  @Test
  void restore_cutOffAfterAnyStep_leavesASoundCacheAndIsFinishedByTheNext() throws IOException {
    Site from = site("from");
    put(from, COMMIT, "onnx/model.bin", Bytes.of(1, 3_000), true);
    put(from, COMMIT, "config.json", Bytes.of(2, 50), false);
    ref(from, "main", COMMIT);
    Path archive = directory.resolve("a.tar.zst");
    from.backup(archive);
    Path recorded = Files.createDirectory(directory.resolve("recorded"));
    RecordingDisk disk = new RecordingDisk(new LocalDisk(), recorded);
    int opening = opened(recorded, disk);
    try (Catalog catalog = JdbiCatalog.openInMemory()) {
      MemoryLedger ledger = new MemoryLedger();
      assertThat(restored(recorded, disk, disk.recording(ledger), catalog, archive)).isTrue();
    }

    List<CrashImage> images = images(disk.log(), opening);
    for (int i = 0; i < images.size(); i++) {
      Path root = Files.createDirectory(directory.resolve("cut-" + i));
      images.get(i).buildIn(root);
      requireSound(root, i);
      MemoryLedger ledger = images.get(i).ledger(new LocalDisk(), root.resolve("larder"));
      // Its rows are written before names that others see; without any, files alone have to do.
      try (Catalog catalog = JdbiCatalog.openInMemory()) {
        assertThat(restored(root, new LocalDisk(), ledger, catalog, archive)).isTrue();
      }
      assertSameSnapshot(from.hub(), root.resolve("hub"));
      assertThat(files(root.resolve("larder/tmp"))).as("image %d", i).isEmpty();
      assertThat(files(root.resolve("larder/quarantine"))).as("image %d", i).isEmpty();
    }
    assertThat(images.size()).isGreaterThan(100);
  }

  /** Opens an empty store and closes it; answers how many changes that took. */
  private static int opened(Path root, RecordingDisk disk) {
    LocalBlobStore.open(root.resolve("larder"), disk, new MemoryLedger(), StoreLimits.none(), CLOCK)
        .close();
    return disk.log().size();
  }

  private static List<CrashImage> images(List<DiskOp> log, int opening) {
    PowerCut cut = new PowerCut("larder", "boot");
    Random random = new Random(SEED);
    Set<String> seen = new HashSet<>();
    List<CrashImage> images = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      cut.apply(log.get(i));
      if (i >= opening) {
        for (PowerCut.Loss loss : LOSSES) {
          CrashImage image = cut.image(loss, random);
          if (seen.add(image.fingerprint())) {
            images.add(image);
          }
        }
      }
    }
    return images;
  }

  /** How many changes it takes to open an empty store; a crash there is the store's to test. */
  private int opening() {
    for (int steps = 0; ; steps++) {
      try {
        LocalBlobStore.open(
                directory.resolve("empty-" + steps),
                until(steps),
                new MemoryLedger(),
                StoreLimits.none(),
                CLOCK)
            .close();
        return steps;
      } catch (Killed _) {
        // One more.
      }
    }
  }

  /** A ref is there only with all that it means. */
  private static void requireSound(Path root, int steps) throws IOException {
    Path hub = root.resolve("hub");
    HubTree tree =
        LocalHubTree.open(
            hub,
            new LocalDisk(),
            LocalBlobStore.open(
                root.resolve("look"),
                new LocalDisk(),
                new MemoryLedger(),
                StoreLimits.none(),
                CLOCK));
    Commit commit = tree.ref(REPO, Revision.MAIN).orElse(null);
    if (commit != null) {
      assertThat(snapshot(hub, commit)).as("after %d steps", steps).hasSize(2);
    }
    tree.inspect(REPO)
        .ifPresent(
            repo ->
                assertThat(repo.problems())
                    .as("after %d steps", steps)
                    .noneMatch(problem -> WRONG.contains(problem.kind())));
    assertThat(Files.exists(hub.resolve(FOLDER).resolve("refs/main"))).isEqualTo(commit != null);
  }
}
