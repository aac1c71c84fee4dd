package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.location.LocationException;
import dev.larder.models.ModelName;
import dev.larder.models.Registration;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.testing.Bytes;
import dev.larder.testing.OtherFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models whose files lie on another file system than Larder's own. */
final class ModelPlacesTest extends ModelsFixture {
  private static final byte[] WORDS = TEXT.getBytes();
  private final Map<String, String> more = new HashMap<>();
  private OtherFileSystem other;

  @BeforeEach
  void mount() throws IOException {
    other = OtherFileSystem.than(root);
    repo.lfs("words.txt", WORDS).lfs("words.data", WORDS).commit("main");
  }

  @AfterEach
  void unmount() throws IOException {
    closeModels();
    stop();
    other.close();
  }

  /** As set in the environment: a flag for the root would move the tree below it. */
  @Override
  Settings settings(String... ignored) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("LARDER_HOME", root.toString());
    environment.put("LARDER_PORT", "0");
    environment.put("LARDER_HUB_UPSTREAM", hub.uri().toString());
    environment.put("LARDER_ALLOW_PRIVATE", "127.0.0.0/8");
    environment.put("LARDER_MIN_FREE", "1MB");
    return Settings.load(new SettingSources(Map.of(), environment, root, root));
  }

  @Test
  void filesOfPython_thatAreServedInPlace_areLoaded() throws IOException {
    Path hubCache = other.directory().resolve("hub");
    more.put("HF_HUB_CACHE", hubCache.toString());
    more.put("LARDER_OFFLINE", "true");
    PythonTree python = new PythonTree(hubCache);
    Commit commit = new Commit("d".repeat(40));
    Digest digest = Bytes.digest(WORDS);
    python.ref(FOLDER, commit);
    Path blob = python.linked(FOLDER, commit, "words.txt", digest.hex(), WORDS);
    python.link(FOLDER, commit, "words.data", digest.hex());
    start();
    register("count");

    assertThat(words("count")).containsExactly("one", "two", "three");
    assertThat(store().inPlace(digest)).isPresent();
    assertThat(Files.getAttribute(blob, "unix:nlink")).isEqualTo(1);
  }

  @Test
  void newRepo_comesIntoTheLocationOfItsRegistration() throws IOException {
    Path second = Files.createDirectories(other.directory().resolve("second"));
    more.put("SECONDARY_CACHE_PATH", second.toString());
    start();
    models()
        .register(
            new Registration(
                new ModelName("count"),
                RepoId.model("o/r"),
                Revision.MAIN,
                "secondary",
                Optional.empty(),
                Optional.empty()));

    assertThat(words("count")).hasSize(3);
    assertThat(second.resolve("hub").resolve(FOLDER).resolve("snapshots")).exists();
    assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
    assertThat(words("o/r")).hasSize(3);

    more.clear();
    again();
    assertThatThrownBy(() -> load("count"))
        .isInstanceOf(LocationException.class)
        .hasMessageContaining("secondary");
  }
}
