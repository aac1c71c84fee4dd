package dev.larder.cli;

import dev.larder.content.EntryPath;
import dev.larder.content.Sizes;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RepoListing.CachedFile;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.RepoListing.SharedFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code ls} prints. {@code located}: there are several locations. */
record ListingOutput(List<RepoListing> repos, Instant now, boolean located) {
  List<String> repoLines() {
    List<String> columns =
        new ArrayList<>(List.of("REPO", ">SIZE", ">FILES", "LAST USED", "REFS", "STATE"));
    if (located) {
      columns.add("LOCATION");
    }
    TextTable table = new TextTable(columns.toArray(String[]::new));
    for (RepoListing repo : repos) {
      List<String> cells = new ArrayList<>(cells(repo));
      if (located) {
        cells.add(repo.location());
      }
      table.row(cells.toArray(String[]::new));
    }
    return table.lines();
  }

  private List<String> cells(RepoListing repo) {
    return List.of(
        repo.repo().toString(),
        Sizes.format(repo.sizeBytes()),
        String.valueOf(repo.fileCount()),
        Ages.ago(repo.lastUsed(), now),
        repo.refs().stream().map(ref -> ref.revision().name()).collect(Collectors.joining(",")),
        word(repo.state()) + (repo.pinned() ? ", pinned" : "") + hidden(repo) + skipped(repo));
  }

  /** What no program finds that looks into the folders. */
  private static String hidden(RepoListing repo) {
    if (repo.isHidden()) {
      return ", not in the tree";
    }
    int count = repo.hiddenFiles();
    return switch (count) {
      case 0 -> "";
      case 1 -> ", 1 file not in the tree";
      default -> ", %d files not in the tree".formatted(count);
    };
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
    Set<SharedFile> counted = new HashSet<>();
    return repos.stream().map(repo -> json(repo, repo.addedBytes(counted), withFiles)).toList();
  }

  /** {@code addedBytes}: what it takes on the disk beside the repos before it. */
  private static Map<String, @Nullable Object> json(
      RepoListing repo, long addedBytes, boolean withFiles) {
    Map<String, @Nullable Object> object =
        Json.object(
            "source", repo.source(),
            "repo", repo.repo(),
            "type", repo.repo().kind().word(),
            "location", repo.location(),
            "path", repo.isHidden() ? null : repo.folder(),
            "size_bytes", repo.sizeBytes(),
            "added_bytes", addedBytes,
            "file_count", repo.fileCount(),
            "hidden_files", repo.hiddenFiles(),
            "last_used", repo.lastUsed(),
            "last_modified", repo.lastModified(),
            "refs", repo.refs().stream().map(ref -> ref.revision().name()).toList(),
            "commits", commits(repo),
            "state", word(repo.state()),
            "pinned", repo.pinned(),
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
