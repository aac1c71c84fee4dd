package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.CrashImage;
import dev.larder.testing.DiskOp;
import dev.larder.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power after every single change of every scenario, in several ways, and once more during
 * the recovery from that; opens the store over what is left and checks its promises.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
final class EveryPrefixCrashTest {
  private static final long SEED = 20260101;

  private static final boolean LONG = Boolean.getBoolean("larder.long");

  /** How many coins are thrown for each prefix. */
  private static final int COINS = LONG ? 10 : 5;

  /** Every so many images the power is cut again while the store recovers. */
  private static final int RECOVERIES_EVERY = LONG ? 3 : 9;

  private final Set<String> checked = new HashSet<>();
  private Path base;
  private int directories;
  private int recoveryStates;

  @BeforeEach
  void makeBase() throws IOException {
    // In memory when there is such a place: it is thousands of directories, and what is synced is
    // modelled.
    Path memory = Path.of("/dev/shm");
    base =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "larder-crash")
            : Files.createTempDirectory("larder-crash");
    checked.clear();
    recoveryStates = 0;
  }

  @AfterEach
  void removeBase() throws IOException {
    delete(base);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void crash_afterEveryChange_keepsEveryPromise(Scenario scenario) throws IOException {
    Scenario.Run run = new Scenario.Run(fresh(), new LocalDisk());
    scenario.run(run);
    run.store.close();
    List<DiskOp> log = run.disk.log();

    List<CrashImage> images = images(new PowerCut("larder", TestStore.BOOT), log, scenario.name());
    for (int i = 0; i < images.size(); i++) {
      check(images.get(i), scenario + " image " + i);
    }
    int first = checked.size();
    for (int i = 0; i < images.size(); i += RECOVERIES_EVERY) {
      crashDuringRecovery(images.get(i), scenario + " image " + i);
    }
    System.out.printf(
        "%s: seed %d, %d changes, %d states, and %d states during recovery%n",
        scenario, SEED, log.size(), first, recoveryStates);
    assertThat(first).isGreaterThan(log.size());
  }

  private void crashDuringRecovery(CrashImage image, String what) throws IOException {
    Path root = fresh();
    image.buildIn(root);
    LocalDisk disk = new LocalDisk();
    Scenario.Run run =
        new Scenario.Run(root, disk, image.ledger(disk, root.resolve("larder")), image.boot());
    run.store.awaitBackground();
    run.store.resumable().forEach(StagedBlob::close);
    run.store.close();
    delete(root);
    List<CrashImage> images = images(new PowerCut("larder", image), run.disk.log(), what);
    for (int i = 0; i < images.size(); i++) {
      recoveryStates += check(images.get(i), what + ", then image " + i) ? 1 : 0;
    }
  }

  /** One image for each way to lose something after each change, each only once. */
  private static List<CrashImage> images(PowerCut disk, List<DiskOp> log, String what) {
    Random random = new Random(SEED + what.hashCode());
    Set<String> seen = new HashSet<>();
    List<CrashImage> images = new ArrayList<>();
    for (DiskOp op : log) {
      disk.apply(op);
      for (PowerCut.Loss loss : PowerCut.Loss.values()) {
        int times = loss == PowerCut.Loss.SOME ? COINS : 1;
        for (int i = 0; i < times; i++) {
          CrashImage image = disk.image(loss, random);
          if (seen.add(image.fingerprint())) {
            images.add(image);
          }
        }
      }
    }
    return images;
  }

  private boolean check(CrashImage image, String what) throws IOException {
    if (!checked.add(image.fingerprint())) {
      return false;
    }
    Path root = fresh();
    try {
      new CrashCheck(root, image).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(what + " (seed " + SEED + "):\n" + image.fingerprint(), e);
    }
    delete(root);
    return true;
  }

  private Path fresh() throws IOException {
    return Files.createDirectory(base.resolve("d" + ++directories));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
