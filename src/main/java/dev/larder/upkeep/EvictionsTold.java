package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Sizes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What had to go, as {@link Why} tells of it. */
record EvictionsTold(Catalog catalog) {
  private static final int MOST_NAMED = 3;

  Stream<DecisionRow> ofRepo(RepoId repo) {
    return told(row -> row.repo().equals(Optional.of(repo)), Optional.empty());
  }

  /** {@code digest}: of the bytes that the file means now, where that is known. */
  Stream<DecisionRow> ofFile(RepoId repo, EntryPath path, Optional<Digest> digest) {
    return told(
        row ->
            row.repo().equals(Optional.of(repo))
                && digest.map(row.digest()::equals).orElseGet(() -> row.paths().contains(path)),
        Optional.of(path));
  }

  Stream<DecisionRow> ofBytes(Digest digest) {
    return told(row -> row.digest().equals(digest), Optional.empty());
  }

  private Stream<DecisionRow> told(Predicate<EvictionRow> which, Optional<EntryPath> asked) {
    return catalog.space().evictions(Instant.EPOCH, Eviction.MOST_RECORDS).stream()
        .filter(which)
        .map(row -> told(row, asked));
  }

  private static DecisionRow told(EvictionRow row, Optional<EntryPath> asked) {
    Optional<EntryPath> only =
        asked.or(() -> row.paths().stream().findFirst().filter(_ -> row.paths().size() == 1));
    return new DecisionRow(
        row.at(),
        row.repo().map(RepoId::toString).orElse(""),
        "",
        only.map(EntryPath::value).orElse(""),
        "",
        row.digest().hex(),
        DecisionRow.EVICTED,
        "",
        "%s%s went to make room for %s: %s."
            .formatted(
                Sizes.format(row.sizeBytes()),
                only.isPresent() ? "" : names(row.paths()),
                row.roomFor(),
                row.reason()),
        1);
  }

  /** One blob, which several files have. */
  private static String names(List<EntryPath> paths) {
    if (paths.isEmpty()) {
      return "";
    }
    int more = paths.size() - MOST_NAMED;
    return " (%s%s)"
        .formatted(
            String.join(", ", paths.stream().limit(MOST_NAMED).map(EntryPath::value).toList()),
            more > 0 ? " and %d more".formatted(more) : "");
  }
}
