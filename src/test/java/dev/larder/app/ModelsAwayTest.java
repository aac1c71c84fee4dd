package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.models.ModelsException;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeContent;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Models of repos that cannot be asked for, or not by everybody, or that are nothing. */
final class ModelsAwayTest extends ModelsFixture {
  private static final String TOKEN = "hf_site_0123456789";
  private static final Commit COMMIT = new Commit("c".repeat(40));

  private void fill() {
    repo.lfs("words.txt", TEXT.getBytes()).file("config.json", "{}");
    repo.commit("main");
  }

  private static String code(ThrowingCallable work) {
    try {
      work.call();
    } catch (LarderException e) {
      return e.code();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return "";
  }

  @Test
  void model_thatWasBrought_loadsWhileTheHubIsAway() {
    fill();
    register("count");
    pull("count");
    clock.pass(Duration.ofHours(30));
    hub.away();

    assertThat(words("count")).hasSize(3);
    again("OFFLINE", "true");
    assertThat(words("count")).hasSize(3);
    assertThat(words("o/r")).hasSize(3);
  }

  @Test
  void model_thatIsNotHere_isRefusedInTimeWhileTheHubIsAway() {
    fill();
    register("count");
    hub.away();
    long begun = System.nanoTime();

    assertThatThrownBy(() -> load("count")).hasMessageContaining("the hub does not answer");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));

    hub.back();
    clock.pass(Duration.ofMinutes(2));
    assertThat(words("count")).hasSize(3);
  }

  @Test
  void model_thatIsNotHere_isRefusedOffline() {
    fill();
    start("OFFLINE", "true");
    register("count");

    assertThat(code(() -> load("count"))).isEqualTo("offline-miss");
    assertThat(hub.requests()).isEmpty();
  }

  /** What Python brought needs no listing and no word of the hub. */
  @Test
  void cache_ofPython_isUsedOffline() throws IOException {
    PythonTree python = new PythonTree(root.resolve("hub"));
    byte[] words = TEXT.getBytes();
    python.ref(FOLDER, COMMIT);
    python.linked(FOLDER, COMMIT, "words.txt", Bytes.digest(words).hex(), words);
    python.linked(
        FOLDER,
        COMMIT,
        "config.json",
        FakeContent.of("{}".getBytes()).gitId().hex(),
        "{}".getBytes());
    start("OFFLINE", "true");
    register("count");

    assertThat(words("count")).containsExactly("one", "two", "three");
    assertThat(words("o/r")).hasSize(3);
    assertThat(engine.loads).hasValue(1);
    assertThat(root.resolve("hub").resolve(FOLDER).resolve("trees")).doesNotExist();
  }

  @Test
  void cache_ofPythonThatIsDamaged_isNotUsed() throws IOException {
    PythonTree python = new PythonTree(root.resolve("hub"));
    python.ref(FOLDER, COMMIT);
    python.linked(
        FOLDER, COMMIT, "words.txt", Bytes.digest(TEXT.getBytes()).hex(), "one two".getBytes());
    start("OFFLINE", "true");
    register("count");

    assertThatThrownBy(() -> load("count")).isInstanceOf(LarderException.class);
    assertThat(engine.loads).hasValue(0);
  }

  @Test
  void privateRepo_isBroughtWithTheSitesTokenAndShownToNobody() {
    fill();
    repo.privateTo(TOKEN);
    start("UPSTREAM_TOKEN", TOKEN);
    register("count");

    assertThat(words("count")).hasSize(3);
    assertThat(root.resolve("hub").resolve(FOLDER).resolve("snapshots")).doesNotExist();
    assertThat(get("/hf/o/r/resolve/main/words.txt").status()).isEqualTo(401);

    clock.pass(Duration.ofHours(3));
    again("UPSTREAM_TOKEN", TOKEN, "OFFLINE", "true");
    assertThat(words("count")).hasSize(3);
  }

  @Test
  void privateRepo_withoutARegistration_isNoModel() {
    fill();
    repo.privateTo(TOKEN);
    start("UPSTREAM_TOKEN", TOKEN);
    assertThat(get("/hf/o/r/resolve/main/words.txt", "Authorization", "Bearer " + TOKEN).status())
        .isEqualTo(200);

    assertThatThrownBy(() -> acquire("o/r")).isInstanceOf(ModelsException.NoSuchModel.class);
  }

  @Test
  void privateRepo_withoutAToken_isRefused() {
    fill();
    repo.privateTo(TOKEN);
    register("count");

    assertThat(code(() -> load("count"))).isIn("not-allowed", "not-found");
  }

  @Test
  void repo_thatIsNotThere_isSaidSo() {
    hub.away();
    hub.back();
    register("count");

    assertThat(code(() -> load("count"))).isIn("not-allowed", "not-found");
    assertThat(code(() -> pull("count"))).isIn("not-allowed", "not-found");
  }

  @Test
  void pickle_isNeverOpened() {
    repo.lfs("model.pkl", "cos\nsystem".getBytes()).commit("main");
    register("count");

    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(ModelsException.Unsafe.class)
        .hasMessageContaining("run code");
    assertThat(hub.downloads("model.pkl")).isEmpty();
  }

  @Test
  void repo_withNothingUsable_isListed() {
    repo.lfs("model.gguf", new byte[] {1}).file("README.md", "x").commit("main");
    register("count");

    for (ThrowingCallable work :
        java.util.List.<ThrowingCallable>of(() -> load("count"), () -> pull("count"))) {
      assertThatThrownBy(work)
          .isInstanceOf(ModelsException.NothingUsable.class)
          .hasMessageContaining("README.md, model.gguf")
          .hasMessageContaining("words");
    }
    assertThat(Files.exists(root.resolve("hub").resolve(FOLDER))).isFalse();
  }
}
