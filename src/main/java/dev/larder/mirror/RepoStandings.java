package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.Access;
import dev.larder.mirror.HubMemory.Recorded;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Standing;
import java.util.Optional;

/**
 * How repos stand, from memory, else as it was written down. Whoever compares a row and then writes
 * it holds a lock of its own. Safe for concurrent use.
 */
final class RepoStandings {
  private final HubMemory memory;
  private final Catalog catalog;

  RepoStandings(HubMemory memory, Catalog catalog) {
    this.memory = memory;
    this.catalog = catalog;
  }

  /** Whether what is written down says the opposite. That nothing is, can wait. */
  static boolean contradicts(Catalog.Visibility written, Standing standing) {
    return written != visibility(standing)
        && (standing == Standing.RESTRICTED || written == Catalog.Visibility.RESTRICTED);
  }

  /** From memory once it was read or written: nobody else writes the catalog. */
  Optional<Catalog.RepoRow> row(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Recorded recorded = known.recorded();
    if (recorded == null) {
      recorded = known.recallRecorded(new Recorded(catalog.repo(repo)));
    }
    return recorded.row();
  }

  void write(Catalog.RepoRow row) {
    catalog.putRepo(row);
    memory.of(row.repo()).recorded(new Recorded(Optional.of(row)));
  }

  static Catalog.Visibility visibility(Standing standing) {
    return switch (standing) {
      case PUBLIC -> Catalog.Visibility.PUBLIC;
      case RESTRICTED -> Catalog.Visibility.RESTRICTED;
      case UNKNOWN, ADOPTED -> Catalog.Visibility.UNKNOWN;
    };
  }

  /**
   * The standing from memory, else as the catalog has it, so that a restart does not forget who was
   * public.
   */
  Access access(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Access access = known.access();
    if (access.standing() == Standing.UNKNOWN && !access.told()) {
      row(repo).ifPresent(row -> recall(known, row));
      access = known.access();
    }
    return access;
  }

  /** A row without a verdict on files is of a repo that anonymous callers were told about. */
  private static void recall(RepoMemory known, Catalog.RepoRow row) {
    known.recallAccess(standing(row.visibility()), row.checkedAt());
  }

  private static Standing standing(Catalog.Visibility visibility) {
    return switch (visibility) {
      case PUBLIC -> Standing.PUBLIC;
      case RESTRICTED -> Standing.RESTRICTED;
      case UNKNOWN -> Standing.UNKNOWN;
    };
  }
}
