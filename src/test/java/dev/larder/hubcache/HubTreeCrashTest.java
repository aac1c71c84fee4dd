package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order of steps, and what is left when it all ends after any of them. */
class HubTreeCrashTest extends HubTreeFixture {
  private static final Set<String> CHANGES =
      Set.of(
          "create",
          "link",
          "symlink",
          "rename",
          "delete",
          "createDirectories",
          "syncDirectory",
          "chmod");

  /** The power went off. */
  private static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Passes changes on and notes them, up to a last one. */
  private static final class Recorder {
    final List<String> done = new ArrayList<>();
    int left = Integer.MAX_VALUE;
    final Disk disk;

    Recorder(Path root) {
      Disk real = new LocalDisk();
      disk =
          (Disk)
              Proxy.newProxyInstance(
                  Disk.class.getClassLoader(),
                  new Class<?>[] {Disk.class},
                  (_, method, arguments) -> {
                    if (CHANGES.contains(method.getName())) {
                      if (left == 0) {
                        throw new PowerCut();
                      }
                      left--;
                      Path path = (Path) arguments[method.getName().matches("link|rename") ? 1 : 0];
                      done.add(method.getName() + " " + root.relativize(path));
                    }
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
    }
  }

  @Test
  void snapshot_written_comesInTheOrderOfTheLaw() throws IOException {
    Sample file = sample("right");
    Recorder recorder = new Recorder(hub);
    Path shelf = directory.resolve("recorded");
    try (var recorded = storeOn(recorder.disk, shelf)) {
      recorded.adopt(store.path(file.digest()), file.digest());
      recorder.done.clear();
      HubTree mine = LocalHubTree.open(hub, recorder.disk, recorded);
      mine.publish(REPO, COMMIT, new EntryPath("sub/x"), file.gitId(), file.digest());
      mine.writeRef(REPO, Revision.MAIN, COMMIT);
    }

    String blobs = "models--o--ok/blobs";
    String sub = "models--o--ok/snapshots/" + COMMIT + "/sub";
    assertThat(recorder.done)
        .containsSubsequence(
            "createDirectories " + blobs,
            "link " + blobs + "/" + file.gitId().hex(),
            "syncDirectory " + blobs,
            "createDirectories " + sub,
            "symlink " + sub + "/x",
            "syncDirectory " + sub,
            "rename models--o--ok/refs/main",
            "syncDirectory models--o--ok/refs");
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
      Recorder recorder = new Recorder(hub);
      recorder.left = steps;
      ended = endedWell(LocalHubTree.open(hub, recorder.disk, store), first, second);

      HubTree after = LocalHubTree.open(hub, new LocalDisk(), store);
      assertSound(after, recorder.done);
      write(after, first, second);
      assertSound(after, recorder.done);
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
    } catch (PowerCut e) {
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

  private void assertSound(HubTree tree, List<String> done) throws IOException {
    Optional<FoundRepo> found = tree.inspect(REPO);
    assertThat(found.map(FoundRepo::problems).orElse(List.of())).as("after %s", done).isEmpty();
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
