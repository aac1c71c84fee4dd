package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.mirror.HubMemory.EntryKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Catalog and tree as one request sees them: nothing is looked for twice in it. Python writes the
 * tree, so no other request may rely on it. For one thread.
 */
final class Look {
  private final Catalog catalog;
  private final HubTree tree;
  private final Map<EntryKey, Optional<EntryRow>> rows = new HashMap<>();
  private final Map<EntryKey, Optional<FoundFile>> files = new HashMap<>();
  private final Map<GitBlobId, Optional<Digest>> pins = new HashMap<>();
  private final Map<Ref, Optional<Commit>> refs = new HashMap<>();

  private record Ref(RepoId repo, Revision revision) {}

  Look(Catalog catalog, HubTree tree) {
    this.catalog = catalog;
    this.tree = tree;
  }

  Optional<EntryRow> row(EntryKey key) {
    return rows.computeIfAbsent(key, k -> catalog.entry(k.repo(), k.commit(), k.path()));
  }

  Optional<FoundFile> file(EntryKey key) {
    return files.computeIfAbsent(key, k -> tree.find(k.repo(), k.commit(), k.path()));
  }

  /** It was found and cannot be used. */
  void dismiss(EntryKey key) {
    files.put(key, Optional.empty());
  }

  Optional<Digest> pin(GitBlobId id) {
    return pins.computeIfAbsent(id, catalog::blobOf);
  }

  Optional<Commit> ref(RepoId repo, Revision revision) {
    return refs.computeIfAbsent(new Ref(repo, revision), _ -> tree.ref(repo, revision));
  }
}
