package dev.larder.cli;

import dev.larder.content.EntryPath;
import dev.larder.content.Sizes;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.Ref;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code ls} prints. */
record ListingOutput(List<RepoListing> repos, Instant now) {
  List<String> repoLines() {
    TextTable table = new TextTable("REPO", ">SIZE", ">FILES", "LAST USED", "REFS", "STATE");
    for (RepoListing repo : repos) {
      table.row(
          repo.repo().toString(),
          Sizes.format(repo.sizeBytes()),
          String.valueOf(repo.files().size()),
          Ages.ago(repo.lastUsed(), now),
          repo.refs().stream().map(ref -> ref.revision().name()).collect(Collectors.joining(",")),
          word(repo.state()) + skipped(repo));
    }
    return table.lines();
  }

  /** What {@code state} alone would hide. */
  private static String skipped(RepoListing repo) {
    int count = repo.skipped().size();
    return switch (count) {
      case 0 -> "";
      case 1 -> " (1 file skipped for its name)";
      default -> " (%d files skipped for their names)".formatted(count);
    };
  }

  List<String> fileLines() {
    TextTable table = new TextTable("REPO", "COMMIT", ">SIZE", "FILE");
    for (RepoListing repo : repos) {
      for (CachedFile file : repo.files()) {
        table.row(
            repo.repo().toString(),
            file.commit().hex().substring(0, 12),
            Sizes.format(file.sizeBytes()),
            file.path().value());
      }
    }
    return table.lines();
  }

  List<Map<String, @Nullable Object>> json(boolean withFiles) {
    return repos.stream().map(repo -> json(repo, withFiles)).toList();
  }

  private static Map<String, @Nullable Object> json(RepoListing repo, boolean withFiles) {
    Map<String, @Nullable Object> object =
        Json.object(
            "repo", repo.repo(),
            "type", repo.repo().kind().word(),
            "path", repo.folder(),
            "size_bytes", repo.sizeBytes(),
            "file_count", repo.files().size(),
            "last_used", repo.lastUsed(),
            "last_modified", repo.lastModified(),
            "refs", repo.refs().stream().map(ref -> ref.revision().name()).toList(),
            "commits", commits(repo),
            "state", word(repo.state()),
            "problems", repo.problems(),
            "skipped", repo.skipped().stream().map(ListingOutput::skipped).toList());
    if (withFiles) {
      object.put("files", repo.files().stream().map(ListingOutput::json).toList());
    }
    return object;
  }

  /** As {@code pull} has it. */
  private static Map<String, @Nullable Object> skipped(EntryPath path) {
    return Json.object("path", path, "reason", path.oddity());
  }

  private static Map<String, String> commits(RepoListing repo) {
    Map<String, String> commits = new LinkedHashMap<>();
    for (Ref ref : repo.refs()) {
      commits.put(ref.revision().name(), ref.commit().hex());
    }
    return commits;
  }

  private static Map<String, @Nullable Object> json(CachedFile file) {
    return Json.object(
        "commit", file.commit(),
        "path", file.path(),
        "size_bytes", file.sizeBytes(),
        "blob", file.blob().isEmpty() ? null : file.blob());
  }

  private static String word(RepoListing.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
