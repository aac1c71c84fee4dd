package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of {@code rm} and {@code prune} of a cache that Python wrote. */
class RemovalKillIT {
  private static final int KILLS = Boolean.getBoolean("larder.long") ? 60 : 3;
  private static final long SEED = Long.getLong("larder.seed", 20261122);
  private static final int FILES = 400;
  private static final String OLD = "1".repeat(40);
  private static final String NEW = "2".repeat(40);

  @TempDir Path scratch;
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void removal_killedAndRepeated_endsWithASoundCache() throws Exception {
    int met = 0;
    for (int i = 0; i < KILLS; i++) {
      Path home = Files.createDirectories(scratch.resolve("home-" + i));
      Path folder = fill(home);
      Product larder = new Product(scratch).set("LARDER_HOME", home.toString());
      assertThat(larder.run("verify", "--quiet").exit()).as("adopts all").isZero();
      String[] command =
          switch (i % 3) {
            case 0 -> new String[] {"rm", "--yes", "o/r@old"};
            case 1 -> new String[] {"rm", "--yes", "o/r"};
            default -> new String[] {"prune", "--yes"};
          };
      if (i % 3 == 2) {
        Files.delete(folder.resolve("refs/old"));
      }
      // The first one at once, so that one of them surely meets a removal.
      met += killed(larder, folder, i == 0 ? 0 : random.nextInt(100), command) ? 1 : 0;

      assertSound(folder, "killed, seed " + SEED);
      Product.Ran again = larder.run(command);
      assertThat(again.exit()).as(again.err()).isLessThanOrEqualTo(1);
      assertSound(folder, "repeated, seed " + SEED);
      assertThat(folder.resolve("snapshots").resolve(OLD)).doesNotExist();
      Product.Ran last = prunedUntilNothingHangs(larder, folder);
      assertThat(last.out()).isEqualTo("Nothing to remove.\n");
      assertThat(larder.run("verify", "--quiet").exit()).isZero();
      assertThat(blobs(home)).hasSize((i % 3 == 1 ? 0 : FILES) + waiting(last));
    }
    assertThat(met).as("kills that met a removal").isPositive();
  }

  /**
   * A blob that came, or lost its link, a moment ago may be about to get one: prune takes it some
   * seconds later. It must go then.
   */
  private static Product.Ran prunedUntilNothingHangs(Product larder, Path folder) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      boolean hangs = hangs(folder);
      Product.Ran pruned = larder.run("prune", "--yes");
      if (!hangs || System.nanoTime() > end) {
        return pruned;
      }
    }
  }

  /** Whether a blob in the repo's folder has no link of a snapshot. */
  private static boolean hangs(Path folder) throws IOException {
    if (!Files.isDirectory(folder.resolve("blobs"))) {
      return false;
    }
    Set<String> linked = new HashSet<>();
    try (Stream<Path> all = Files.walk(folder.resolve("snapshots"))) {
      for (Path link : all.filter(Files::isSymbolicLink).toList()) {
        linked.add(Files.readSymbolicLink(link).getFileName().toString());
      }
    } catch (NoSuchFileException _) {
      // All of them are gone.
    }
    try (Stream<Path> blobs = Files.list(folder.resolve("blobs"))) {
      return blobs.anyMatch(blob -> !linked.contains(blob.getFileName().toString()));
    }
  }

  /** Two commits that have half of their files in common. */
  private static Path fill(Path home) throws IOException {
    Path folder = home.resolve("hub/models--o--r");
    Files.createDirectories(folder.resolve("blobs"));
    Files.createDirectories(folder.resolve("refs"));
    for (int i = 0; i < FILES * 3 / 2; i++) {
      byte[] bytes = Bytes.of(i, 500);
      String name = Bytes.digest(bytes).hex();
      Files.write(folder.resolve("blobs").resolve(name), bytes);
      if (i < FILES) {
        link(folder, OLD, i, name);
      }
      if (i >= FILES / 2) {
        link(folder, NEW, i, name);
      }
    }
    Files.writeString(folder.resolve("refs/old"), OLD);
    Files.writeString(folder.resolve("refs/main"), NEW);
    return folder;
  }

  private static void link(Path folder, String commit, int i, String name) throws IOException {
    Path directory = folder.resolve("snapshots").resolve(commit).resolve("part-" + i % 10);
    Files.createDirectories(directory);
    Files.createSymbolicLink(directory.resolve("file-" + i), Path.of("../../../blobs", name));
  }

  /** Whether something was left to do. */
  private static boolean killed(Product larder, Path folder, int millis, String... command)
      throws Exception {
    Process process = larder.start(command);
    Path first = folder.resolve("snapshots").resolve(OLD).resolve("part-0");
    while (process.isAlive() && Files.exists(first)) {
      Thread.onSpinWait();
    }
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    return !ended;
  }

  private static void assertSound(Path folder, String when) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        if (Files.isSymbolicLink(path)) {
          assertThat(Files.exists(path)).as("%s: %s leads somewhere", when, path).isTrue();
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
            && path.startsWith(folder.resolve("refs"))) {
          assertThat(folder.resolve("snapshots").resolve(Files.readString(path)))
              .as("%s: %s", when, path)
              .isDirectory();
        }
      }
    }
  }

  /** Blobs that had lost their last link when the kill came: named, and taken an hour later. */
  private static int waiting(Product.Ran prune) {
    Matcher named = Pattern.compile("(\\d+) blobs? of the store stays?").matcher(prune.err());
    return named.find() ? Integer.parseInt(named.group(1)) : 0;
  }

  private static List<Path> blobs(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home.resolve("larder/store"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
