package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.mirror.MirrorException;
import dev.larder.models.ModelsException;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** For whom a repo is a model that nobody registered. */
final class ModelReadersTest extends ModelsFixture {
  private static final String TOKEN = "hf_site_0123456789";
  private static final Commit COMMIT = new Commit("c".repeat(40));

  private void fill() {
    repo.lfs("words.txt", TEXT.getBytes()).file("config.json", "{}");
    repo.commit("main");
  }

  private void fillByPython() throws IOException {
    PythonTree python = new PythonTree(root.resolve("hub"));
    byte[] words = TEXT.getBytes();
    python.ref(FOLDER, COMMIT);
    python.linked(FOLDER, COMMIT, "words.txt", Bytes.digest(words).hex(), words);
  }

  @Test
  void cacheOfPython_whoseReadersNobodyKnows_isRefusedOfflineUntilItIsRegistered()
      throws IOException {
    fillByPython();
    start("OFFLINE", "true");

    assertThatThrownBy(() -> acquire("o/r"))
        .isInstanceOf(MirrorException.RightsUnknown.class)
        .hasMessageContaining("larder models register NAME o/r");
    assertThatThrownBy(() -> acquire("o/r@" + COMMIT))
        .isInstanceOf(MirrorException.RightsUnknown.class);
    assertThat(engine.loads).hasValue(0);

    register("count");
    assertThat(words("count")).hasSize(3);
  }

  @Test
  void cacheOfPython_whoseReadersNobodyKnows_isRefusedWhileTheHubIsAway() throws IOException {
    fillByPython();
    hub.away();

    assertThatThrownBy(() -> acquire("o/r")).isInstanceOf(MirrorException.RightsUnknown.class);
  }

  @Test
  void cacheOfPython_thatIsForEverybody_isUsedOffline() throws IOException {
    fillByPython();
    start("OFFLINE", "true", "ADOPTED", "public");

    assertThat(words("o/r")).containsExactly("one", "two", "three");
  }

  @Test
  void repo_thatWasPublicWhenLastAsked_isUsedWithoutTheHub() {
    fill();
    cache("config.json");
    assertThat(words("o/r")).hasSize(3);
    clock.pass(Duration.ofHours(30));
    hub.away();

    loaded().clear();
    assertThat(words("o/r")).hasSize(3);
    again("OFFLINE", "true");
    assertThat(words("o/r")).hasSize(3);
    assertThat(engine.loads).hasValue(3);
  }

  @Test
  void repo_closedWhileItsModelIsOpen_isRefusedOnceThatIsKnown() {
    fill();
    cache("config.json");
    try (Lease<Model> inUse = acquire("o/r")) {
      repo.privateTo(TOKEN);
      clock.pass(Duration.ofHours(1));
      assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(401);

      assertThatThrownBy(() -> acquire("o/r"))
          .isInstanceOf(ModelsException.NoSuchModel.class)
          .hasMessageContaining("private or gated");
      assertThat(loaded().entries()).isEmpty();
      assertThat(((WordsEngine.Words) inUse.model()).words()).hasSize(3);
    }
    assertThat(engine.open).hasValue(0);
    assertThatThrownBy(() -> acquire("o/r")).isInstanceOf(LarderException.class);
  }
}
