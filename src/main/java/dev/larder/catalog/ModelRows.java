package dev.larder.catalog;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of models that have a name. Blocking; safe for concurrent use; as {@link Catalog}. */
public interface ModelRows {
  /** By name. */
  List<ModelRow> models();

  /** A new one, or instead of one with the same name. */
  void putModel(ModelRow row);

  void forgetModel(String name);

  /**
   * A model with a name. {@code location}: where to keep the repo, by name. {@code engine}, {@code
   * file}: as registered, if at all.
   */
  record ModelRow(
      String name,
      RepoId repo,
      Revision revision,
      String location,
      Optional<String> engine,
      Optional<String> file,
      Instant registeredAt,
      Optional<PulledRow> pulled) {}

  /** What was brought last for it, by which engine's choice. */
  record PulledRow(Commit commit, String engine, int files, long sizeBytes, Instant at) {}
}
