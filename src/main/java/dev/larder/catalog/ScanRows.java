package dev.larder.catalog;

import dev.larder.content.RepoId;
import java.util.Collection;
import java.util.Map;

/**
 * What was read of repos' folders, in a form that only the reader knows. Losing it costs time and
 * nothing else. Same promises as {@link Catalog}.
 */
public interface ScanRows {
  Map<RepoId, byte[]> all();

  /** In place of what is there of these repos. */
  void put(Map<RepoId, byte[]> bodies);

  void forget(Collection<RepoId> repos);
}
