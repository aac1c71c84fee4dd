package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import java.util.HashSet;
import java.util.Set;

/** Which commits a revision means here, for whoever is to keep them. */
record Meaning(Catalog catalog, HubTree tree) {
  /**
   * What the tree says and what the catalog says: two commits when one of them moved on and the
   * other did not yet, as after a download by Python. Empty while nobody here knows.
   */
  Set<Commit> of(RepoId repo, Revision revision) {
    if (revision.commit().isPresent()) {
      return Set.of(revision.commit().get());
    }
    Set<Commit> meant = new HashSet<>();
    tree.ref(repo, revision).ifPresent(meant::add);
    catalog.ref(repo, revision).map(RefRow::commit).ifPresent(meant::add);
    return Set.copyOf(meant);
  }
}
