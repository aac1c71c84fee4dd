package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Lease;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ModelLoader;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.ResidentListener;
import dev.larder.resident.ResidentModels;
import dev.larder.resident.ResidentSettings;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real native models, used while they come and go, and loaded and closed thousands of times. With
 * {@code -Dlarder.long=true} as often as it takes to see a leak of one kilobyte.
 */
@Tag("alone")
class OnnxStressTest {
  private static final boolean LONG = Boolean.getBoolean("larder.long");
  private static final int THREADS = 64;
  private static final int USES = LONG ? 300 : 6;
  private static final String TEXT = "A cat sits on the mat.";

  @TempDir private static Path scratch;

  @Test
  void models_thatComeAndGoInUse_answerTheSameAndAreNeverClosedInUse() throws Exception {
    long before = Gate.leftToUsers();
    Path repo = TestModels.miniLmQuantized(scratch.resolve("shared"));
    float[] expected;
    try (ResidentModels models = models(2.5, repo)) {
      expected = use(models, "m0", repo);
      List<FutureTask<List<float[]>>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(20_261_122 + i);
        FutureTask<List<float[]>> thread = new FutureTask<>(() -> uses(models, repo, random));
        Thread _ = Thread.ofPlatform().daemon().start(thread);
        threads.add(thread);
      }
      for (FutureTask<List<float[]>> thread : threads) {
        assertThat(thread.get(LONG ? 1200 : 120, TimeUnit.SECONDS))
            .hasSize(USES)
            .allSatisfy(vector -> assertThat(vector).isEqualTo(expected));
      }
      assertThat(models.stats().evictions()).isPositive();
      assertThat(models.stats().loads()).isGreaterThan(3);
      assertThat(models.stats().failures()).isZero();
      assertThat(models.stats().leases()).isZero();
    }
    assertThat(Gate.leftToUsers()).as("closings that met a run").isEqualTo(before);
  }

  /** Room for {@code copies} of the model. */
  private static ResidentModels models(double copies, Path repo) throws Exception {
    long each = new OnnxEngine().estimateBytes(DirectoryModelFiles.of(repo), ModelOptions.NONE);
    return ResidentModels.open(
        ResidentSettings.ofBudget((long) (copies * each)),
        InstantSource.system(),
        ResidentListener.NONE);
  }

  /** Three keys, of which two have room, and now and then one is unloaded while others use it. */
  private static List<float[]> uses(ResidentModels models, Path repo, Random random) {
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < USES; i++) {
      String name = "m" + random.nextInt(3);
      vectors.add(use(models, name, repo));
      if (random.nextInt(50) == 0) {
        models.unload(key(name));
      }
    }
    return vectors;
  }

  private static float[] use(ResidentModels models, String name, Path repo) {
    try (Lease<TextEmbedder> lease = models.acquire(key(name), loader(repo), "test")) {
      return lease.model().embed(List.of(TEXT), Optional.empty()).vectors().getFirst();
    }
  }

  private static ModelKey<TextEmbedder> key(String name) {
    return ModelKey.of(name, TextEmbedder.class);
  }

  private static ModelLoader<TextEmbedder> loader(Path repo) {
    return new ModelLoader<>() {
      @Override
      public long estimateBytes() throws Exception {
        return new OnnxEngine().estimateBytes(DirectoryModelFiles.of(repo), ModelOptions.NONE);
      }

      @Override
      public Loaded<TextEmbedder> load() throws Exception {
        Loaded<? extends Model> loaded = OnnxModels.load(repo);
        return new Loaded<>((TextEmbedder) loaded.model(), loaded.bytes(), loaded.closing());
      }
    };
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void smallModel_loadedAndClosedOverAndOver_takesNoMoreMemory() throws Exception {
    Path repo = Files.createDirectories(scratch.resolve("small"));
    float[] weights = new float[80_000];
    Files.write(repo.resolve("model.onnx"), TinyOnnx.adding(weights));
    Tensor x = new Tensor.Floats(new float[weights.length], 1, weights.length);
    ModelFiles files = DirectoryModelFiles.of(repo);
    OnnxEngine engine = new OnnxEngine();
    Runnable cycle =
        () -> {
          try {
            Loaded<? extends Model> loaded = engine.load(files, ModelOptions.NONE);
            assertThat(((TensorModel) loaded.model()).run(Map.of("x", x))).containsKey("y");
            loaded.closing().close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };

    // A copy that stays would be 320 KiB; the compiler's own memory still grows at first.
    double growth = growthPerCycle(cycle, LONG ? 4000 : 100, LONG ? 16_000 : 200);
    assertThat(growth).as("KiB for each load").isLessThan(LONG ? 1 : 256);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void sentenceModel_loadedAndClosedOverAndOver_takesNoMoreMemory() throws Exception {
    Path repo = TestModels.miniLmQuantized(scratch.resolve("sentences"));
    Runnable cycle =
        () -> {
          try {
            Loaded<? extends Model> loaded = OnnxModels.load(repo);
            ((TextEmbedder) loaded.model()).embed(List.of(TEXT), Optional.empty());
            loaded.closing().close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };

    // A copy that stays would be 40 MiB.
    double growth = growthPerCycle(cycle, LONG ? 50 : 5, LONG ? 150 : 10);
    assertThat(growth).as("KiB for each load").isLessThan(LONG ? 100 : 8 << 10);
  }

  private static double growthPerCycle(Runnable cycle, int warmUp, int cycles) throws Exception {
    for (int i = 0; i < warmUp; i++) {
      cycle.run();
    }
    long before = residentKib();
    for (int i = 0; i < cycles; i++) {
      cycle.run();
    }
    return (residentKib() - before) / (double) cycles;
  }

  private static long residentKib() throws Exception {
    System.gc();
    NativeMemory.giveBack();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow();
  }
}
