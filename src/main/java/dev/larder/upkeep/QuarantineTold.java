package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.QuarantinedFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies in the quarantine, as {@link Why} tells of it: also what an earlier process moved
 * there. A file there is called after its SHA-256, or after the git id that it was to have.
 */
record QuarantineTold(BlobStore store, Catalog catalog) {
  private static final Pattern FOUND =
      Pattern.compile("(.*)-found-(?:sha256-)?([0-9a-f]{40}|[0-9a-f]{64})");

  /** Of the files that are known of the repo. */
  Stream<DecisionRow> ofRepo(RepoId repo) {
    List<QuarantinedFile> files = store.quarantined();
    return files.isEmpty() ? Stream.of() : told(files, repo.toString(), paths(repo));
  }

  private Map<String, String> paths(RepoId repo) {
    Map<String, String> paths = new HashMap<>();
    for (EntryRow entry : catalog.entries(repo)) {
      names(entry.identity()).forEach(name -> paths.put(name, entry.path().value()));
    }
    return paths;
  }

  Stream<DecisionRow> ofFile(RepoId repo, String path, Identity identity) {
    Map<String, String> paths = new HashMap<>();
    names(identity).forEach(name -> paths.put(name, path));
    return told(store.quarantined(), repo.toString(), paths);
  }

  Stream<DecisionRow> ofBytes(Identity identity) {
    Map<String, String> paths = new HashMap<>();
    names(identity).forEach(name -> paths.put(name, ""));
    return told(store.quarantined(), "", paths);
  }

  /** The newest that stands for these bytes. */
  Optional<QuarantinedFile> find(Identity identity) {
    List<String> names = names(identity).toList();
    return store.quarantined().stream()
        .filter(file -> names.contains(file.name()))
        .reduce((one, other) -> one.at().isAfter(other.at()) ? one : other);
  }

  private Stream<String> names(Identity identity) {
    return switch (identity) {
      case Digest sha256 -> Stream.of(sha256.hex());
      case GitBlobId id ->
          Stream.concat(Stream.of(id.hex()), catalog.blobOf(id).stream().map(Digest::hex));
    };
  }

  /** {@code paths}: by the names that their bytes would have. */
  private static Stream<DecisionRow> told(
      List<QuarantinedFile> files, String repo, Map<String, String> paths) {
    return files.stream()
        .flatMap(
            file ->
                Optional.ofNullable(paths.get(file.name())).stream()
                    .map(path -> told(file, repo, path)));
  }

  private static DecisionRow told(QuarantinedFile file, String repo, String path) {
    return new DecisionRow(
        file.at(),
        repo,
        "",
        path,
        "",
        file.name(),
        DecisionRow.QUARANTINED,
        "",
        sentence(file) + " They lie in the quarantine.",
        1);
  }

  private static String sentence(QuarantinedFile file) {
    Matcher found = FOUND.matcher(file.reason());
    if (!found.matches()) {
      return "Its bytes were not those of %s: %s.".formatted(file.name(), words(file.reason()));
    }
    return found.group(1).equals("mismatch")
        ? "Bytes of %s were expected; those of %s came.".formatted(file.name(), found.group(2))
        : "Bytes of %s were expected; %s found those of %s."
            .formatted(file.name(), words(found.group(1)), found.group(2));
  }

  private static String words(String reason) {
    return reason.replace('-', ' ');
  }
}
