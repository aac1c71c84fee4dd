package dev.larder.cli;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.Ref;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Repos for tests of {@code ls}. */
final class Listings {
  static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");

  private Listings() {}

  static RepoListing of(String name, long bytes, Duration used, Duration modified) {
    RepoId repo = RepoId.parse(name);
    return new RepoListing(
        repo,
        Path.of("/cache/hub", repo.folder()),
        bytes,
        Optional.of(CliFixture.NOW.minus(used)),
        Optional.of(CliFixture.NOW.minus(modified)),
        List.of(new Ref(Revision.MAIN, COMMIT), new Ref(new Revision("v1"), COMMIT)),
        RepoListing.State.COMPLETE,
        List.of(
            new CachedFile(COMMIT, new EntryPath("config.json"), 12, "a".repeat(40)),
            new CachedFile(COMMIT, new EntryPath("data/x.bin"), bytes - 12, "")),
        List.of(),
        List.of());
  }

  static RepoListing hiding(RepoListing all, int files) {
    return new RepoListing(
        all.repo(),
        all.folder(),
        all.sizeBytes(),
        all.lastUsed(),
        all.lastModified(),
        all.refs(),
        all.state(),
        all.files(),
        all.problems(),
        all.skipped(),
        all.source(),
        all.pinned(),
        all.fileCount(),
        all.shared(),
        all.location(),
        files);
  }
}
