package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.store.LocalDisk;
import dev.larder.testing.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several writers on one tree, ours and Python's. */
class HubTreeRaceTest extends HubTreeFixture {
  private static final int WRITERS = 4;
  private static final int ROUNDS = 40;

  /** A part of a race that may fail. */
  private interface Leg {
    void run(int round) throws Exception;
  }

  @Test
  void publishers_ofTheSameFiles_allSucceed() throws Exception {
    List<Sample> samples = Stream.of("a", "b", "c").map(this::sample).toList();
    HubTree second = LocalHubTree.open(hub, new LocalDisk(), store);

    race(
        ROUNDS,
        Stream.iterate(0, i -> i + 1)
            .limit(WRITERS)
            .<Leg>map(
                i ->
                    round -> {
                      HubTree mine = i % 2 == 0 ? tree : second;
                      for (Sample each : samples) {
                        EntryPath path = new EntryPath(round + "/" + each.gitId().hex());
                        mine.publish(REPO, COMMIT, path, each.gitId(), each.digest());
                      }
                      mine.writeRef(REPO, Revision.MAIN, COMMIT);
                    })
            .toList());

    assertThat(tree.scan().getFirst().problems()).isEmpty();
    assertThat(tree.scan().getFirst().snapshots().getFirst().files())
        .hasSize(ROUNDS * samples.size());
    assertThat(leftovers()).isEmpty();
  }

  /** What huggingface_hub does: rename a finished download over the blob, remove and link. */
  @Test
  void publisher_besidePython_leavesOneRightFile() throws Exception {
    Sample right = sample("right");
    Path blob = blob(right.gitId().hex());
    Leg python =
        round -> {
          Files.createDirectories(blob.getParent());
          Files.createDirectories(snapshot("x").getParent());
          Path temp =
              put(blob.resolveSibling("p." + "%08x".formatted(round) + ".incomplete"), "right");
          Files.move(temp, blob, StandardCopyOption.ATOMIC_MOVE);
          try {
            Files.deleteIfExists(snapshot("config.json"));
            link(snapshot("config.json"), "../../blobs/" + right.gitId().hex());
          } catch (java.nio.file.FileAlreadyExistsException e) {
            assertThat(Files.isSymbolicLink(snapshot("config.json"))).isTrue();
          }
        };
    Leg larder =
        round -> {
          tree.publish(REPO, COMMIT, CONFIG, right.gitId(), right.digest());
          tree.writeRef(REPO, Revision.MAIN, COMMIT);
        };

    race(ROUNDS, List.of(python, larder, larder));

    assertThat(snapshot("config.json")).hasContent("right");
    assertThat(tree.scan().getFirst().problems()).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void ref_readWhileItMoves_isAlwaysOneOfTheTwo() throws Exception {
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    Path ref = folder.resolve("refs/main");

    race(
        ROUNDS * 5,
        List.of(
            round -> tree.writeRef(REPO, Revision.MAIN, round % 2 == 0 ? OTHER : COMMIT),
            _ -> assertThat(Files.readString(ref)).isIn(OTHER.hex(), COMMIT.hex()),
            _ -> assertThat(tree.ref(REPO, Revision.MAIN)).isPresent()));
  }

  /** {@code hf cache rm} and a new download, while somebody lists what is there. */
  @Test
  void scan_whileEntriesComeAndGo_neverFails() throws Exception {
    Sample right = sample("right");
    tree.publish(REPO, COMMIT, CONFIG, right.gitId(), right.digest());
    Path ref = folder.resolve("refs/moving");
    Leg python =
        round -> {
          Files.deleteIfExists(snapshot("config.json"));
          if (round % 2 == 0) {
            put(snapshot("config.json"), "right");
          } else {
            link(snapshot("config.json"), "../../blobs/" + right.gitId().hex());
          }
          Files.deleteIfExists(ref);
          Path whole = put(ref.resolveSibling("moving.0123abcd.tmp"), COMMIT.hex());
          Files.move(whole, ref, StandardCopyOption.ATOMIC_MOVE);
        };

    race(
        ROUNDS * 25,
        List.of(
            python,
            _ -> assertThat(tree.inspect(REPO).orElseThrow().problems()).isEmpty(),
            _ -> tree.find(REPO, COMMIT, CONFIG)));
  }

  /** {@code hf cache prune} removes unfinished files, also those that somebody writes. */
  @Test
  void writer_whoseTemporaryFilesArePruned_tryingAgainSucceeds() throws Exception {
    Sample right = sample("right");
    Leg prune =
        _ -> {
          for (Path leftover : in(".incomplete")) {
            Files.deleteIfExists(leftover);
          }
        };
    Leg larder =
        round -> {
          Files.deleteIfExists(blob(right.gitId().hex()));
          put(blob(right.gitId().hex()), "wrong " + round);
          tree.publish(REPO, COMMIT, CONFIG, right.gitId(), right.digest());
          tree.writeRef(REPO, Revision.MAIN, round % 2 == 0 ? OTHER : COMMIT);
        };

    race(ROUNDS * 5, List.of(prune, prune, larder));

    assertThat(blob(right.gitId().hex())).hasContent("right");
    assertThat(leftovers()).isEmpty();
  }

  /** The worst moment, every time. */
  @Test
  void writer_prunedBeforeEveryRename_losesNothing() throws Exception {
    FaultyDisk disk = new FaultyDisk(new LocalDisk());
    disk.watch(FaultyDisk.Op.RENAME, "", () -> in(".incomplete").forEach(this::remove));
    HubTree pruned = LocalHubTree.open(hub, disk, store);
    Sample right = sample("right");
    put(blob(right.gitId().hex()), "wrong");
    link(snapshot("config.json"), "../../blobs/elsewhere");

    pruned.publish(REPO, COMMIT, CONFIG, right.gitId(), right.digest());
    pruned.writeListing(REPO, COMMIT, List.of());
    pruned.writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(snapshot("config.json")).hasContent("right");
    assertThat(pruned.ref(REPO, Revision.MAIN)).contains(COMMIT);
    assertThat(pruned.listing(REPO, COMMIT)).isPresent();
  }

  private void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void race(int rounds, List<Leg> legs) throws Exception {
    CyclicBarrier start = new CyclicBarrier(legs.size());
    try (var threads = Executors.newFixedThreadPool(legs.size())) {
      List<Future<?>> all = new ArrayList<>();
      for (Leg leg : legs) {
        all.add(
            threads.submit(
                () -> {
                  start.await();
                  for (int round = 0; round < rounds; round++) {
                    leg.run(round);
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private List<Path> leftovers() {
    return Stream.of(".incomplete", ".tmp").flatMap(ending -> in(ending).stream()).toList();
  }

  private List<Path> in(String ending) {
    try (Stream<Path> names = Files.list(folder.resolve("blobs"))) {
      return names.filter(path -> path.toString().endsWith(ending)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
