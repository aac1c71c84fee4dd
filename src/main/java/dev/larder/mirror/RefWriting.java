package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.Written;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Writes down what branches and tags mean: a row, then the tree. Last of all that is written of a
 * commit. Safe for concurrent use.
 */
final class RefWriting {
  private final LocalFiles files;
  private final HubMemory memory;
  private final HubTree tree;
  private final Succession succession;
  private final Appearing appearing;

  /** Refs are written one at a time, so that an older one never lands on a newer one. */
  private final ReentrantLock writing = new ReentrantLock();

  RefWriting(LocalFiles files, HubMemory memory, HubTree tree, Appearing appearing) {
    this.files = files;
    this.memory = memory;
    this.tree = tree;
    this.appearing = appearing;
    this.succession = new Succession(tree, memory);
  }

  /**
   * Writes down what a branch or tag means, unless it is written down already, or something newer
   * is: a download may end long after its branch moved on. In the tree only when {@link Succession}
   * says so.
   */
  void write(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    if (revision.commit().isPresent() || settled(repo, revision, commit, inTree)) {
      return;
    }
    writeRef(repo, revision, commit, inTree, () -> succession.due(repo, revision, commit));
  }

  /** The same once all that a pull was asked for is here, which is what the branch means now. */
  void writeOfPull(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    if (revision.commit().isEmpty()) {
      writeRef(repo, revision, commit, inTree, () -> true);
    }
  }

  /** When the branch waits for news of {@code commit}: looks whether it still has to. */
  void moveOn(RepoId repo, Revision revision, Commit commit) {
    KnownRef known = memory.of(repo).ref(revision);
    if (known != null && known.commit().equals(commit) && known.written() == Written.CATALOG) {
      write(repo, revision, commit, true);
    }
  }

  private boolean settled(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    KnownRef known = memory.of(repo).ref(revision);
    if (known == null) {
      return !inTree && isRecorded(repo, revision, commit);
    }
    boolean recorded = known.written() != Written.NOWHERE;
    return known.commit().equals(commit) && inTree
        ? known.written() == Written.TREE || (recorded && succession.waits(repo, revision, commit))
        : recorded;
  }

  private boolean isRecorded(RepoId repo, Revision revision, Commit commit) {
    return files.ref(repo, revision).filter(row -> row.commit().equals(commit)).isPresent();
  }

  private void writeRef(
      RepoId repo, Revision revision, Commit commit, boolean inTree, BooleanSupplier due) {
    writing.lock();
    try {
      KnownRef known = memory.of(repo).ref(revision);
      boolean current = known == null || known.commit().equals(commit);
      if (current && known != null && known.written() == Written.TREE) {
        return;
      }
      if (known == null || known.written() == Written.NOWHERE) {
        // A download may take hours: that it ends now says nothing of what the branch means now.
        Instant confirmedAt = known != null && current ? known.confirmedAt() : Instant.EPOCH;
        files.recordRef(repo, revision, commit, confirmedAt);
      } else if (!current) {
        return; // Something newer is written down.
      }
      Written written = inTree ? inTree(repo, revision, commit, due) : Written.CATALOG;
      memory.of(repo).wroteRef(revision, commit, written);
    } finally {
      writing.unlock();
    }
  }

  private Written inTree(RepoId repo, Revision revision, Commit commit, BooleanSupplier due) {
    try {
      if (!due.getAsBoolean()
          || !appearing.show(repo, () -> tree.writeRef(repo, revision, commit))) {
        return Written.CATALOG;
      }
    } catch (HubTreeException e) {
      Publishing.notWritten("ref", repo, e);
    }
    return Written.TREE;
  }
}
