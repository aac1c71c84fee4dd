package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import dev.larder.testing.OtherFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real huggingface_hub, with a tree on a second disk and as a client of both. */
@Timeout(240)
final class LocationsClientIT extends SiteFixture {
  private static final String LINES =
      """
      import sys
      from huggingface_hub import snapshot_download
      for repo in sys.argv[1:]:
          print(snapshot_download(repo))
      """;

  @Test
  void pythonsTreeOnASecondDisk_isServedFromThereAndNewReposComeIntoTheFirst() throws Exception {
    Python python = Python.all().getLast();
    byte[] model = Bytes.of(51, 400_000);
    repo.lfs("model.bin", model).file("config.json", "{}").commit("main");
    hub.model("o/s").lfs("other.bin", Bytes.of(52, 1000)).commit("main");
    try (OtherFileSystem other = OtherFileSystem.than(root);
        AutoCloseable _ = this::stop) {
      Path second = Files.createDirectories(other.directory().resolve("second"));
      Map<String, String> atTheHub = new HashMap<>();
      atTheHub.put("HF_ENDPOINT", hub.uri().toString());
      atTheHub.put("HF_HUB_DISABLE_XET", "1"); // The fake hub offers no such storage.
      atTheHub.put("HF_HUB_CACHE", second.resolve("hub").toString());
      python.lines(atTheHub, LINES, "o/r").well();
      hub.clearLog();
      start("SECONDARY_CACHE", second.toString());

      Map<String, String> atLarder = new HashMap<>();
      atLarder.put("HF_ENDPOINT", server().address() + "/hf");
      atLarder.put("HF_HUB_CACHE", root.resolve("client").toString());
      String said = python.lines(atLarder, LINES, "o/r", "o/s").well();

      assertThat(said.lines().map(Path::of))
          .anySatisfy(path -> assertThat(path.resolve("model.bin")).hasBinaryContent(model));
      assertThat(hub.fileBytesSent()).isEqualTo(1000);
      assertThat(root.resolve("hub/models--o--s")).isDirectory();
      assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
    }
  }
}
