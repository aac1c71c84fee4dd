package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.models.ModelName;
import dev.larder.models.ModelsException;
import dev.larder.resident.EngineException;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.store.BlobStore.Removal;
import dev.larder.store.Lookup;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What models are loaded from: held while they are open, whole, and their own where they want. */
final class ModelFilesTest extends ModelsFixture {
  private static final byte[] WORDS = TEXT.getBytes();
  private static final Digest BLOB = Bytes.digest(WORDS);

  private void fill() {
    repo.lfs("words.txt", WORDS);
    repo.commit("main");
    register("count");
  }

  private void fillWithData() {
    repo.lfs("words.txt", "see words.data".getBytes()).lfs("words.data", WORDS);
    repo.commit("main");
    register("count");
  }

  private Path tmp() {
    return root.resolve("larder/tmp");
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> !file.equals(directory)).toList();
    }
  }

  private Path file() {
    return store().path(BLOB);
  }

  /** As a program does that opens the file in the tree and writes. */
  private void rewrite(byte[] bytes) throws IOException {
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file(), bytes);
  }

  @Test
  void blob_ofALoadedModel_isHeldUntilItIsClosed() {
    fill();
    load("count");
    assertThat(store().isLeased(BLOB)).isTrue();
    assertThat(store().remove(BLOB)).isEqualTo(Removal.HELD);

    try (Lease<Model> _ = acquire("count")) {
      loaded().clear();
      assertThat(store().isLeased(BLOB)).isTrue();
    }
    assertThat(store().isLeased(BLOB)).isFalse();
  }

  @Test
  void budgetOfTheLocation_neverTakesTheBlobsOfALoadedModel() {
    start("MAX_SIZE", "2MB");
    fill();
    load("count");
    String first = others(0);
    clock.pass(Duration.ofHours(1));
    for (int i = 1; i < 8; i++) {
      String _ = others(i);
      clock.pass(Duration.ofHours(1));
    }

    hub.clearLog();
    assertThat(get(first).cache()).isEqualTo("MISS");
    assertThat(store().find(BLOB)).isInstanceOf(Lookup.Present.class);
    loaded().clear();
    assertThat(words("count")).hasSize(3);
    assertThat(hub.downloads("words.txt")).isEmpty();
  }

  /** Another repo of 400 kB. */
  private String others(int number) {
    hub.model("o/other" + number).lfsGenerated("a.bin", 400_000, number).commit("main");
    String path = "/hf/o/other" + number + "/resolve/main/a.bin";
    assertThat(get(path).status()).isEqualTo(200);
    return path;
  }

  @Test
  void load_thatFails_holdsNothing() {
    repo.lfs("words.txt", "broken".getBytes()).commit("main");
    register("count");

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(ModelsException.Broken.class)
        .hasMessageContaining("words.txt is no list of words")
        .hasMessageContaining("'count' (o/r@main)");
    assertThat(store().isLeased(Bytes.digest("broken".getBytes()))).isFalse();
    assertThat(loaded().entries()).isEmpty();

    repo.lfs("words.txt", WORDS).commit("main");
    clock.pass(Duration.ofMinutes(2));
    assertThat(words("count")).hasSize(3);
  }

  @Test
  void load_thatIsTooLarge_holdsNothing() {
    fill();
    engine.bytesEach = 2_000_000;

    assertThatThrownBy(() -> acquire("count")).isInstanceOf(ModelsException.TooBig.class);
    assertThat(store().isLeased(BLOB)).isFalse();
  }

  @Test
  void model_thatMapsFiles_getsItsOwn() throws IOException {
    fillWithData();
    Path directory;
    try (Lease<Model> lease = acquire("count")) {
      WordsEngine.Words words = (WordsEngine.Words) lease.model();
      directory = words.directory().get();
      assertThat(words.words()).hasSize(3);
      assertThat(below(directory))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder("words.txt", "words.data");
      for (Path file : below(directory)) {
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
        assertThat(Files.isSymbolicLink(file)).isFalse();
      }
      assertThat(store().audit(false)).isEmpty();
    }
    assertThat(directory).exists();
    loaded().clear();
    assertThat(directory).doesNotExist();
    assertThat(store().space().reservedBytes()).isZero();
  }

  @Test
  void copies_thatACrashLeft_areGoneAfterTheNextStart() throws IOException {
    Path left = tmp().resolve("0123456789abcdef0123456789abcdef.copy");
    Files.createDirectories(left.resolve("onnx"));
    Files.writeString(left.resolve("onnx/model.onnx_data"), "x");
    Path others = Files.createDirectories(tmp().resolve("mine"));

    server();

    assertThat(left).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void copies_withoutRoom_areRefusedAndLeaveNothing() throws IOException {
    byte[] large = new byte[700_000];
    java.util.Arrays.fill(large, (byte) 'x');
    repo.lfs("words.txt", "see words.data".getBytes()).lfs("words.data", large).commit("main");
    start("MAX_SIZE", "1MB");
    register("count");

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(LarderException.class)
        .extracting(e -> ((LarderException) e).code())
        .isEqualTo("store-full");
    assertThat(below(tmp())).isEmpty();
    assertThat(store().isLeased(Bytes.digest(large))).isFalse();
    assertThat(store().space().reservedBytes()).isZero();
  }

  @Test
  void file_rewrittenDuringTheLoad_isNoticedAndFetchedAnew() {
    fill();
    engine.loading = _ -> rewrite("six six six".getBytes());

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(ModelsException.Rewritten.class)
        .hasMessageContaining("words.txt");
    assertThat(engine.open).hasValue(0);

    engine.loading = _ -> {};
    assertThat(words("count")).containsExactly("one", "two", "three");
  }

  @Test
  void file_rewrittenBeforeTheLoad_isNotTakenForABrokenModel() {
    fill();
    engine.estimating =
        _ -> {
          rewrite("six six six".getBytes());
          throw new EngineException.Broken("words.txt is no list of words.", null);
        };

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(ModelsException.Rewritten.class)
        .hasMessageContaining("words.txt");

    engine.estimating = _ -> {};
    assertThat(words("count")).containsExactly("one", "two", "three");
  }

  @Test
  void load_thatEndsInAnError_holdsNothing() {
    fillWithData();
    engine.loading =
        _ -> {
          throw new StackOverflowError();
        };

    assertThatThrownBy(() -> load("count")).isInstanceOf(ModelsException.LoadFailed.class);
    assertThat(store().isLeased(BLOB)).isFalse();
    assertThat(store().space().reservedBytes()).isZero();
  }

  /** A pull is meant to bring it, whatever memory there is. */
  @Test
  void files_thatAreLargerThanAllMemory_areNotFetchedForALoad() {
    repo.lfsGenerated("words.txt", 3_000_000, 5).file("config.json", "{}").commit("main");
    register("count");

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(ModelsException.TooBig.class)
        .hasMessageContaining("3000002 bytes")
        .hasMessageContaining("LARDER_MODEL_MEMORY");
    assertThat(hub.downloads("words.txt")).isEmpty();
    assertThat(pull("count").pulled().get().files()).isEqualTo(2);
    assertThat(hub.downloads("words.txt")).hasSize(1);
  }

  @Test
  void file_rewrittenWhileLoaded_doesNotReachTheNextLoad() throws IOException {
    fill();
    load("count");
    rewrite("six six six".getBytes());

    assertThat(words("count")).containsExactly("one", "two", "three");
    models().unload(new ModelName("count"));
    assertThat(words("count")).containsExactly("one", "two", "three");
    assertThat(engine.loads).hasValue(2);
  }

  @Test
  void file_damagedAtRest_isFetchedAnew() throws IOException {
    fill();
    pull("count");
    rewrite("one two threx".getBytes());

    assertThat(words("count")).containsExactly("one", "two", "three");
  }

  @Test
  void root_movedElsewhere_hasItsModelsThere() throws IOException {
    fill();
    load("count");
    closeModels();
    stop();
    Path elsewhere = Files.createDirectories(root.resolveSibling(root.getFileName() + "-moved"));
    Files.move(root.resolve("larder"), elsewhere.resolve("larder"));
    Files.move(root.resolve("hub"), elsewhere.resolve("hub"));
    root = elsewhere;
    hub.away();
    start("OFFLINE", "true");

    assertThat(models().get(new ModelName("count")).pulled()).isPresent();
    assertThat(words("count")).hasSize(3);
  }
}
