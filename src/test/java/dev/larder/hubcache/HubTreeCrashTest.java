package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.DiskOp;
import dev.larder.testing.DyingDisk;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.RecordingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of steps, and what is left when it all ends after any of them. */
class HubTreeCrashTest extends HubTreeFixture {
  @Test
  void snapshot_written_comesInTheOrderOfTheLaw() throws IOException {
    Sample file = sample("right");
    RecordingDisk disk = new RecordingDisk(new LocalDisk(), hub);
    int before;
    try (var recorded = storeOn(disk, directory.resolve("recorded"))) {
      recorded.adopt(store.path(file.digest()), file.digest());
      before = disk.log().size();
      HubTree mine = LocalHubTree.open(hub, disk, recorded);
      mine.publish(REPO, COMMIT, new EntryPath("sub/x"), file.gitId(), file.digest());
      mine.writeRef(REPO, Revision.MAIN, COMMIT);
    }

    String blobs = "models--o--ok/blobs";
    String sub = "models--o--ok/snapshots/" + COMMIT + "/sub";
    assertThat(disk.log().stream().skip(before).map(HubTreeCrashTest::words))
        .containsSubsequence(
            "makeDirectory " + blobs,
            "link " + blobs + "/" + file.gitId().hex(),
            "syncDirectory " + blobs,
            "makeDirectory " + sub,
            "symlink " + sub + "/x",
            "syncDirectory " + sub,
            "rename models--o--ok/refs/main",
            "syncDirectory models--o--ok/refs");
  }

  private static String words(DiskOp op) {
    return switch (op) {
      case DiskOp.MakeDirectory(String path) -> "makeDirectory " + path;
      case DiskOp.Link(_, String name) -> "link " + name;
      case DiskOp.Symlink(String name, _) -> "symlink " + name;
      case DiskOp.Rename(_, String to) -> "rename " + to;
      case DiskOp.SyncDirectory(String path) -> "syncDirectory " + path;
      default -> "";
    };
  }

  @Test
  void write_endedAfterAnyStep_leavesASoundTreeThatCanBeFinished() throws IOException {
    Sample first = sample("right");
    Sample second = sample("other");
    int steps = 0;
    for (boolean ended = false; !ended; steps++) {
      hub = directory.resolve("hub-" + steps);
      folder = hub.resolve("models--o--ok");
      put(blob(second.gitId().hex()), "wrong");
      link(snapshot("other.json"), "../../blobs/" + second.gitId().hex());
      DyingDisk disk = new DyingDisk(new LocalDisk(), steps);
      ended = endedWell(LocalHubTree.open(hub, disk, store), first, second);

      HubTree after = LocalHubTree.open(hub, new LocalDisk(), store);
      assertSound(after, steps);
      write(after, first, second);
      assertSound(after, steps);
      assertThat(snapshot("config.json")).hasContent("right");
      assertThat(snapshot("other.json")).hasContent("other");
      assertThat(after.ref(REPO, Revision.MAIN)).contains(COMMIT);
    }
    assertThat(steps).isGreaterThan(15);
  }

  private static boolean endedWell(HubTree tree, Sample first, Sample second) {
    try {
      write(tree, first, second);
      return true;
    } catch (DyingDisk.Killed _) {
      return false;
    }
  }

  private static void write(HubTree tree, Sample first, Sample second) {
    tree.writeRef(REPO, new Revision("v1"), OTHER);
    tree.publish(REPO, COMMIT, CONFIG, first.gitId(), first.digest());
    tree.publish(REPO, COMMIT, new EntryPath("other.json"), second.gitId(), second.digest());
    tree.writeNoExist(REPO, COMMIT, new EntryPath("missing"));
    tree.writeListing(REPO, COMMIT, List.of());
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    tree.writeRef(REPO, new Revision("v1"), COMMIT);
  }

  private void assertSound(HubTree tree, int steps) throws IOException {
    Optional<FoundRepo> found = tree.inspect(REPO);
    assertThat(found.map(FoundRepo::problems).orElse(List.of()))
        .as("after %d steps", steps)
        .isEmpty();
    try (Stream<Path> refs =
        Files.exists(folder.resolve("refs")) ? Files.list(folder.resolve("refs")) : Stream.of()) {
      assertThat(refs).allSatisfy(ref -> assertThat(Files.size(ref)).isEqualTo(40));
    }
  }

  private static LocalBlobStore storeOn(Disk disk, Path larder) {
    return LocalBlobStore.open(
        larder, disk, new MemoryLedger(), StoreLimits.none(), InstantSource.system());
  }
}
