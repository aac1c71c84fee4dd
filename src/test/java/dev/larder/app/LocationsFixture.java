package dev.larder.app;

import dev.larder.cli.Larder;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.testing.Bytes;
import dev.larder.testing.OtherFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Two locations on two file systems. */
@Timeout(60)
abstract class LocationsFixture extends SiteFixture {
  static final RepoId REPO = RepoId.model("o/r");

  final byte[] model = Bytes.of(31, 700_000);
  final List<String> warnings = new ArrayList<>();
  OtherFileSystem other;
  Path second;

  @BeforeEach
  void offer() throws Exception {
    other = OtherFileSystem.than(root);
    second = other.directory().resolve("second");
    Files.createDirectories(second);
    repo.lfs("model.bin", model).file("config.json", "{}").commit("main");
    hub.model("o/s").file("config.json", "{\"s\":1}").commit("main");
  }

  @AfterEach
  void empty() throws Exception {
    stop();
    other.close();
  }

  String[] both(String... more) {
    return Stream.concat(Stream.of("SECONDARY_CACHE", second.toString()), Stream.of(more))
        .toArray(String[]::new);
  }

  Larder larder(String... more) {
    return new HouseWorkshop(clock).open(settings(both(more)), warnings::add);
  }

  static PullRequest wanting(RepoId repo, @Nullable String where) {
    return new PullRequest(
        repo, Revision.MAIN, FileSelection.ALL, false, Optional.ofNullable(where));
  }

  PullResult pull(PullTest.By by, RepoId what, String where) {
    if (by == PullTest.By.SERVER) {
      if (Files.notExists(root.resolve("larder"))) {
        start(both());
      }
    }
    try (Larder larder = larder()) {
      return larder.pull(wanting(what, where), PullListener.NONE);
    }
  }
}
