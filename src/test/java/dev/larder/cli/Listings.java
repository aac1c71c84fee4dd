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
import java.time.Instant;
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
        List.of(),
        RepoListing.HUB,
        false,
        2,
        List.of(),
        RepoListing.PRIMARY,
        0);
  }

  static RepoListing hiding(RepoListing all, int files) {
    return with(all, all.lastUsed(), all.lastModified(), all.skipped(), files);
  }

  static RepoListing skipping(RepoListing all, String path) {
    List<EntryPath> skipped = List.of(new EntryPath(path));
    return with(all, all.lastUsed(), all.lastModified(), skipped, all.hiddenFiles());
  }

  static RepoListing neverUsed(RepoListing all) {
    return with(all, Optional.empty(), Optional.empty(), all.skipped(), all.hiddenFiles());
  }

  private static RepoListing with(
      RepoListing all,
      Optional<Instant> used,
      Optional<Instant> modified,
      List<EntryPath> skipped,
      int hidden) {
    return new RepoListing(
        all.repo(),
        all.folder(),
        all.sizeBytes(),
        used,
        modified,
        all.refs(),
        all.state(),
        all.files(),
        all.problems(),
        skipped,
        all.source(),
        all.pinned(),
        all.fileCount(),
        all.shared(),
        all.location(),
        hidden);
  }
}
