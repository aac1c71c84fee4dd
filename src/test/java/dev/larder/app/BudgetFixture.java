package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Budget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A site with a budget of ten large files: one repo for each file, so that each has its own age.
 */
abstract class BudgetFixture extends SiteFixture {
  static final int SIZE = 1_000_000;
  static final long BUDGET = 10L * SIZE;
  static final String[] LIMITED = {"MAX_SIZE", "10MB", "MIN_FREE", "0B"};

  static byte[] bytes(int number) {
    return Bytes.of(1000 + number, SIZE);
  }

  static String path(int number) {
    return "/hf/o/m%d/resolve/main/model.bin".formatted(number);
  }

  static RepoId repo(int number) {
    return RepoId.model("o/m" + number);
  }

  void offer(int count) {
    for (int i = 0; i < count; i++) {
      hub.model("o/m" + i).lfs("model.bin", bytes(i)).commit("main");
    }
  }

  /** Asks for a file as a client does; it must come whole and right, whoever had to go for it. */
  Got fetch(int number) {
    Got got = get(path(number));
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes(number));
    assertThat(storedBytes()).isLessThanOrEqualTo(BUDGET);
    if (got.cache().equals("MISS")) { // Its use is noted a moment after its last byte.
      await("the file is shown", () -> isShown(number));
    }
    clock.pass(Duration.ofMinutes(1));
    return got;
  }

  boolean isStored(int number) {
    String hex = Bytes.digest(bytes(number)).hex();
    return Files.exists(
        root.resolve("larder/store/sha256").resolve(hex.substring(0, 2)).resolve(hex));
  }

  /** Whether the tree has the whole file where Python looks for it. */
  boolean isShown(int number) {
    Path snapshots = root.resolve("hub/models--o--m" + number + "/snapshots");
    if (!Files.isDirectory(snapshots)) {
      return false;
    }
    try (var commits = Files.list(snapshots)) {
      return commits.anyMatch(commit -> Files.isReadable(commit.resolve("model.bin")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long storedBytes() {
    Path store = root.resolve("larder/store/sha256");
    if (!Files.isDirectory(store)) {
      return 0;
    }
    long total = 0;
    for (Path blob : blobs(store)) {
      try {
        total += Files.size(blob);
      } catch (IOException _) {
        // Evicted between the two looks.
      }
    }
    return total;
  }

  private static List<Path> blobs(Path store) {
    try (var files = Files.walk(store, 2)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException _) {
      return List.of(); // A directory changed under the walk; the next look counts.
    }
  }

  static void await(String what, BooleanSupplier state) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!state.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as(what).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  /** Through the server when one runs. */
  Larder larder(String... more) {
    return new HouseWorkshop(clock).open(settings(more), _ -> {});
  }

  PullResult pull(RepoId repo, String... more) {
    try (Larder larder = larder(more)) {
      return larder.pull(
          new PullRequest(repo, Revision.MAIN, FileSelection.ALL, false), PullListener.NONE);
    }
  }

  Budget.Pin pin(int number, Optional<Duration> lifetime) {
    try (Larder larder = larder(LIMITED)) {
      return larder
          .budget()
          .pin(new Budget.Wish(repo(number), Optional.empty(), "ann", lifetime, ""));
    }
  }

  List<Budget.Evicted> evictions() {
    try (Larder larder = larder(LIMITED)) {
      return larder.budget().evictions(Instant.EPOCH);
    }
  }
}
