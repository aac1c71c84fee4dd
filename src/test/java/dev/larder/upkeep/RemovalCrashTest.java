package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Disk;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.CrashImage;
import dev.larder.testing.DiskOp;
import dev.larder.testing.DyingDisk;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.PowerCut;
import dev.larder.testing.RecordingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Removals that end after any step, by a kill or by a power cut, and are done again. */
class RemovalCrashTest extends RemovalFixture {
  private static final long SEED = 20260202;
  private static final int COINS = 6;

  private final byte[] model = Bytes.of(1, 500);
  private final byte[] newer = Bytes.of(2, 300);

  /** What is removed, and how it is finished after a cut. */
  enum What {
    REPO,
    REVISION,
    PRUNE,
    BLOB
  }

  {
    later = Duration.ofHours(2); // A prune waits for whoever may need a blob of the store.
  }

  private void fill() {
    pulled(REPO, FIRST, "sub/model.bin", model);
    pulled(REPO, FIRST, "config.json", "{}".getBytes());
    pulled(REPO, SECOND, "model.bin", newer);
    pulled(REPO, SECOND, "config.json", "{}".getBytes());
    pulled(OTHER, FIRST, "model.bin", newer);
    tree.writeListing(REPO, FIRST, List.of());
    tree.writeNoExist(REPO, FIRST, new dev.larder.content.EntryPath("absent"));
    ref(REPO, "old", FIRST);
    ref(REPO, "main", SECOND);
    ref(OTHER, "main", FIRST);
  }

  private void remove(What what) {
    switch (what) {
      case REPO -> remove("o/r");
      case REVISION -> remove("o/r@old");
      case PRUNE -> prune();
      case BLOB -> {
        Removed _ = blobRemoval().remove(Bytes.digest(model));
      }
    }
  }

  private void unname(What what) {
    if (what == What.PRUNE) {
      try {
        Files.delete(folder(REPO).resolve("refs/old"));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** Other files are whole wherever they are named; nothing dangles. */
  private void assertSound(String after) {
    for (FoundRepo repo : tree.scan()) {
      assertThat(repo.problems()).as(after).isEmpty();
      for (FoundRef ref : repo.refs()) {
        assertThat(repo.snapshots())
            .as(after)
            .noneMatch(snapshot -> ref.names(snapshot) && snapshot.files().isEmpty());
      }
      for (FoundFile file : repo.snapshots().stream().flatMap(s -> s.files().stream()).toList()) {
        assertThat(file.file()).as(after).exists();
      }
    }
    assertThat(snapshot(OTHER, FIRST).resolve("model.bin")).as(after).hasBinaryContent(newer);
  }

  private void assertGone(What what, String after) {
    assertThat(store.find(Bytes.digest(model)))
        .as(after)
        .isInstanceOf(dev.larder.store.Lookup.Absent.class);
    assertThat(files(root)).as(after).noneMatch(file -> file.endsWith(Bytes.digest(model).hex()));
    if (what == What.REPO) {
      assertThat(folder(REPO)).as(after).doesNotExist();
    } else if (what != What.BLOB) {
      assertThat(snapshot(REPO, FIRST)).as(after).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void removal_killedAfterAnyStep_leavesASoundTree_andTheSameCommandFinishes(What what) {
    int steps = 0;
    for (boolean ended = false; !ended; steps++) {
      closeAll();
      root = directory.resolve(what + "-" + steps);
      ledger = new MemoryLedger();
      DyingDisk disk = new DyingDisk(new LocalDisk(), Integer.MAX_VALUE);
      open(disk);
      fill();
      unname(what);
      disk.dieAfter(steps);
      ended = endedWell(what);
      disk.dieAfter(Integer.MAX_VALUE);
      reopened(new LocalDisk());

      assertSound(what + " after " + steps);
      finish(what);
      assertSound(what + " finished after " + steps);
      assertGone(what, what + " finished after " + steps);
    }
    assertThat(steps).isGreaterThan(5);
  }

  private boolean endedWell(What what) {
    try {
      remove(what);
      return true;
    } catch (DyingDisk.Killed _) {
      return false;
    }
  }

  /** It may have been done but for the last words. */
  private void finish(What what) {
    try {
      remove(what);
    } catch (NotCached _) {
      assertThat(prune().gone()).as("nothing is left of " + what).isEmpty();
    }
  }

  /** With the catalog as it was: its rows are durable one by one. */
  private void reopened(Disk disk) {
    store.close();
    store =
        LocalBlobStore.open(
            root.resolve("larder"), disk, ledger, StoreLimits.none(), InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
  }

  @ParameterizedTest
  @EnumSource
  void removal_powerCutAfterAnyStep_leavesASoundTree_andAPruneFinishes(What what)
      throws IOException {
    closeAll();
    Path recorded = Files.createDirectory(directory.resolve("recorded"));
    root = recorded;
    ledger = new MemoryLedger();
    RecordingDisk disk = new RecordingDisk(new LocalDisk(), recorded);
    store =
        LocalBlobStore.open(
            root.resolve("larder"),
            disk,
            disk.recording(ledger),
            StoreLimits.none(),
            InstantSource.system());
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    catalog = dev.larder.catalog.JdbiCatalog.openInMemory();
    fill();
    if (what == What.PRUNE) {
      disk.delete(folder(REPO).resolve("refs/old"));
      disk.syncDirectory(folder(REPO).resolve("refs"));
    }
    int before = disk.log().size();
    remove(what);

    List<CrashImage> images = images(disk.log(), before);
    assertThat(images.size()).isGreaterThan(disk.log().size() - before);
    for (int i = 0; i < images.size(); i++) {
      check(what, images.get(i), what + " image " + i);
    }
  }

  private void check(What what, CrashImage image, String name) throws IOException {
    closeAll();
    root = Files.createDirectory(directory.resolve(name.replace(' ', '-')));
    image.buildIn(root);
    LocalDisk disk = new LocalDisk();
    ledger = image.ledger(disk, root.resolve("larder"));
    open(disk);
    assertSound(name);
    if (what == What.REPO) {
      try {
        remove("o/r");
      } catch (NotCached _) {
        assertThat(folder(REPO)).doesNotExist();
      }
    }
    prune();
    assertSound(name + ", pruned");
    if (what == What.REPO) {
      assertGone(what, name + ", pruned");
    }
  }

  /** What may be left after each change of the removal; all before it is durable by then. */
  private static List<CrashImage> images(List<DiskOp> log, int before) {
    PowerCut cut = new PowerCut("larder", "boot");
    Random random = new Random(SEED);
    Set<String> seen = new HashSet<>();
    List<CrashImage> images = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      cut.apply(log.get(i));
      for (PowerCut.Loss loss :
          i + 1 < before
              ? List.<PowerCut.Loss>of()
              : List.of(PowerCut.Loss.NOTHING, PowerCut.Loss.ALL, PowerCut.Loss.SOME)) {
        for (int coin = 0; coin < (loss == PowerCut.Loss.SOME ? COINS : 1); coin++) {
          CrashImage image = cut.image(loss, random);
          if (seen.add(image.fingerprint())) {
            images.add(image);
          }
        }
      }
    }
    return images;
  }
}
