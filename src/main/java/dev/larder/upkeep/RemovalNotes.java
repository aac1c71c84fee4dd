package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.content.Sizes;
import dev.larder.upkeep.RemovalPlan.Going;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what was removed, so that whoever misses it can ask why. {@code by}: who did it. */
record RemovalNotes(Catalog catalog, String by) {
  private static final Logger LOG = LoggerFactory.getLogger(RemovalNotes.class);

  /** On a disk that is full the removal is not the less done. */
  void write(List<Going> gone, Instant at) {
    try {
      catalog.decisions().add(gone.stream().flatMap(each -> rows(each, at)).toList());
    } catch (LarderException e) {
      LOG.atWarn().log("a removal could not be written down: {}", e.explanation());
    }
  }

  /** One for each name that somebody may ask by. */
  private Stream<DecisionRow> rows(Going gone, Instant at) {
    return switch (gone.kind()) {
      case REPO -> Stream.of(row(gone, "", "", at));
      case REVISION ->
          (gone.refs().isEmpty()
                  ? gone.commit().stream().map(Commit::hex)
                  : gone.refs().stream().map(Revision::name))
              .map(name -> row(gone, name, "", at));
      case BLOB, SHARED_BLOB, STORED_BLOB -> Stream.of(row(gone, "", gone.name(), at));
      case LEFTOVER -> Stream.of();
    };
  }

  private DecisionRow row(Going gone, String revision, String identity, Instant at) {
    return new DecisionRow(
        at,
        identity.isEmpty() ? gone.repo().map(RepoId::toString).orElse("") : "",
        revision,
        "",
        gone.commit().map(Commit::hex).orElse(""),
        identity,
        DecisionRow.REMOVED,
        by,
        sentence(gone),
        1);
  }

  private static String sentence(Going gone) {
    String freed = Sizes.format(gone.bytes());
    return switch (gone.why()) {
      case NAMED -> "'larder rm' was told to remove it; %s came free.".formatted(freed);
      case UNREFERENCED -> pruned("no ref named it", freed);
      case ORPHANED -> pruned("nothing led to it", freed);
      case ABANDONED -> pruned("it was abandoned", freed);
      case UNUSED -> pruned("it was not used for as long as was asked for", freed);
      case TOO_MUCH -> pruned("it was more than the size that was asked for", freed);
    };
  }

  private static String pruned(String why, String freed) {
    return "'larder prune' removed it, since %s; %s came free.".formatted(why, freed);
  }
}
