package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Somebody puts a link in the place of a directory just after Larder looked at it. */
class HubTreeSwapTest extends HubTreeFixture {
  private static final Commit FOREIGN = new Commit("f".repeat(40));

  private static final Set<String> STEPS =
      Set.of(
          "openRead",
          "openQuietly",
          "list",
          "create",
          "link",
          "cloneFile",
          "symlink",
          "rename",
          "delete",
          "createDirectories",
          "chmod");

  private static final EntryPath DEEP = new EntryPath("sub/x");

  private Path outside = Path.of("outside");
  private int changes;
  private int swapAt;

  @Test
  void write_whoseDirectoryIsSwappedForALinkBeforeAnyStep_changesNothingBehindIt()
      throws IOException {
    outside = Files.createDirectories(directory.resolve("outside"));
    Disk swapping = swapping(LocalDisk.fenced(hub));
    try (BlobStore own =
        LocalBlobStore.open(
            directory.resolve("own"),
            swapping,
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system())) {
      Sample file = sample("x");
      Path copy = Files.copy(store.path(file.digest()), directory.resolve("copy"));
      own.adopt(copy, file.digest());
      int refused = 0;
      do {
        begin();
        HubTree tree = LocalHubTree.open(hub, swapping, own);
        try {
          tree.publish(REPO, COMMIT, DEEP, file.digest(), file.digest());
          tree.writeNoExist(REPO, COMMIT, CONFIG);
          tree.writeListing(REPO, COMMIT, List.of());
          tree.writeRef(REPO, Revision.MAIN, COMMIT);
        } catch (HubTreeException _) {
          refused++;
        }
        assertThat(outside).as("change %d", swapAt).isEmptyDirectory();
      } while (changes >= swapAt);
      assertThat(refused).isGreaterThan(10);
    }
  }

  @Test
  void read_whoseDirectoryIsSwappedForALinkBeforeAnyStep_findsNothingBehindIt() throws IOException {
    outside = Files.createDirectories(directory.resolve("outside"));
    Files.writeString(outside.resolve("main"), FOREIGN.hex());
    Files.createDirectories(outside.resolve(FOREIGN.hex()));
    Files.writeString(
        outside.resolve(COMMIT.hex() + ".json"),
        "{\"format_version\":1,\"files\":{\"theirs\":{\"size\":1,\"blob_id\":\"%s\"}}}"
            .formatted("b".repeat(40)));
    HubTree tree = LocalHubTree.open(hub, swapping(LocalDisk.fenced(hub)), store);
    int read = 0;
    do {
      begin();
      Files.createDirectories(folder.resolve("trees"));
      put(folder.resolve("trees/" + COMMIT.hex() + ".json"), "{}");
      List<Object> found = new ArrayList<>();
      ask(() -> found.add(tree.ref(REPO, Revision.MAIN)));
      ask(() -> found.add(tree.listing(REPO, COMMIT)));
      ask(() -> found.add(tree.inspect(REPO)));
      assertThat(found.toString())
          .as("step %d", swapAt)
          .doesNotContain(FOREIGN.hex())
          .doesNotContain("theirs");
      read = swapAt;
    } while (changes >= swapAt);
    assertThat(read).isGreaterThan(5);
  }

  private static void ask(Runnable question) {
    try {
      question.run();
    } catch (HubTreeException _) {
      // Refused: so nothing was read.
    }
  }

  /** A tree with files that are to be replaced; the swap comes one step later than before. */
  private void begin() throws IOException {
    clear(hub);
    put(blob(sample("x").digest().hex()), "y");
    link(snapshot("sub/x"), "wrong");
    put(folder.resolve("refs/main"), "old");
    changes = 0;
    swapAt++;
  }

  private static void clear(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private Disk swapping(Disk real) {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (STEPS.contains(method.getName())) {
                Path named = named(arguments);
                swap(method.getName().equals("list") ? named.resolve("any") : named);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Where the step is made: at the last path, but for a link's text. */
  private Path named(Object[] arguments) {
    Path last = (Path) arguments[0];
    return arguments.length > 1 && arguments[1] instanceof Path second && second.isAbsolute()
        ? second
        : last;
  }

  private void swap(Path at) throws IOException {
    if (!at.startsWith(hub) || at.equals(hub) || ++changes != swapAt) {
      return;
    }
    Path parent = at.getParent();
    while (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
      parent = parent.getParent();
    }
    if (!parent.equals(hub)) {
      Files.move(parent, hub.resolve("moved"));
      Files.createSymbolicLink(parent, outside);
    }
  }
}
