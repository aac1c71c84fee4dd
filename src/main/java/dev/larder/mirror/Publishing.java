package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens once a blob is durable, in the order that the order law asks for: row, then tree,
 * then ref. A tree that cannot be written is reported and does not take the blob away from its
 * readers.
 */
final class Publishing {
  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private final LocalFiles files;
  private final HubMemory memory;
  private final Catalog catalog;
  private final HubTree tree;
  private final InstantSource clock;

  Publishing(
      LocalFiles files, HubMemory memory, Catalog catalog, HubTree tree, InstantSource clock) {
    this.files = files;
    this.memory = memory;
    this.catalog = catalog;
    this.tree = tree;
    this.clock = clock;
  }

  /** {@code inTree}: the file may appear in the shared tree. */
  void published(EntryKey key, Identity identity, long sizeBytes, Digest digest, boolean inTree) {
    files.record(key, identity, digest, sizeBytes);
    EntryHead head = LocalFiles.head(key, identity, sizeBytes, identity instanceof Digest);
    memory.learn(key, new KnownEntry.Present(head, digest));
    if (inTree) {
      attempt(
          "file",
          key.repo(),
          () -> tree.publish(key.repo(), key.commit(), key.path(), identity, digest));
    }
  }

  /** Writes down what a branch or tag means, unless it is written down already. */
  void ref(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    if (revision.commit().isPresent()) {
      return;
    }
    KnownRef known = memory.of(repo).ref(revision);
    if (known != null && known.persisted() && known.commit().equals(commit)) {
      return;
    }
    catalog.putRef(new RefRow(repo, revision, commit, clock.instant()));
    if (inTree) {
      attempt("ref", repo, () -> tree.writeRef(repo, revision, commit));
    }
    if (known != null && known.commit().equals(commit)) {
      memory.of(repo).learnRef(revision, new KnownRef(commit, known.confirmedAt(), true));
    }
  }

  void listing(RepoId repo, Commit commit, List<HubTree.ListedFile> files, boolean inTree) {
    if (inTree && tree.listing(repo, commit).isEmpty()) {
      attempt("listing", repo, () -> tree.writeListing(repo, commit, files));
    }
  }

  void absent(EntryKey key, boolean inTree) {
    memory.learn(key, new KnownEntry.Absent(key.commit(), clock.instant()));
    if (inTree) {
      attempt("absence", key.repo(), () -> tree.writeNoExist(key.repo(), key.commit(), key.path()));
    }
  }

  void attempt(String what, RepoId repo, Runnable write) {
    try {
      write.run();
    } catch (HubTreeException e) {
      LOG.atWarn()
          .addKeyValue("repo", repo)
          .log("could not write a {} into the cache tree: {}", what, e.explanation());
    }
  }
}
