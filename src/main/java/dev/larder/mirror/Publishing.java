package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.Written;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens once a blob is durable, in the order that the order law asks for: row, then tree,
 * then ref. A tree that cannot be written is reported and does not take the blob away from its
 * readers.
 */
final class Publishing {
  private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

  private static final int ABSENCES_PER_COMMIT = 1_000;

  private final LocalFiles files;
  private final HubMemory memory;
  private final Asking asking;
  private final Catalog catalog;
  private final HubTree tree;
  private final Succession succession;
  private final InstantSource clock;

  /** Refs are written one at a time, so that an older one never lands on a newer one. */
  private final ReentrantLock refs = new ReentrantLock();

  /** Whether the listing of a commit was found, and after how many listings it was looked for. */
  private final Cache<Listed, Looked> listed = Caffeine.newBuilder().maximumSize(10_000).build();

  /** Commits whose odd names were warned of. */
  private final Cache<Listed, Boolean> warned = Caffeine.newBuilder().maximumSize(1_000).build();

  private final AtomicLong listings = new AtomicLong();

  /** Files that were noted as absent since the start. */
  private final Cache<Listed, AtomicLong> absences =
      Caffeine.newBuilder().maximumSize(10_000).build();

  /** Commits that a pull is bringing, by how many pulls: they appear when a pull is done. */
  private final Map<Listed, Integer> pulled = new ConcurrentHashMap<>();

  private record Listed(RepoId repo, Commit commit) {}

  private record Looked(boolean found, long listings) {}

  Publishing(
      LocalFiles files,
      HubMemory memory,
      Asking asking,
      Catalog catalog,
      HubTree tree,
      InstantSource clock) {
    this.files = files;
    this.memory = memory;
    this.asking = asking;
    this.catalog = catalog;
    this.tree = tree;
    this.succession = new Succession(tree, memory);
    this.clock = clock;
  }

  /** {@code inTree}: the file may appear in the shared tree. */
  void published(EntryKey key, Identity identity, long sizeBytes, Digest digest, boolean inTree) {
    asking.writeDown(key.repo());
    files.record(key, identity, digest, sizeBytes);
    EntryHead head = LocalFiles.head(key, identity, sizeBytes, identity instanceof Digest);
    memory.learn(key, new KnownEntry.Present(head, digest));
    if (inTree) {
      attempt(
          "file",
          key.repo(),
          () -> tree.publish(key.repo(), key.commit(), key.path(), identity, digest));
      memory.of(key.repo()).newsCame();
    }
  }

  /**
   * What belongs to the commit as a whole, once one of its files is here: its listing, if the hub
   * was asked for it, and the refs that are known to mean it. Clients ask for files by commit, so
   * nobody names the branch with them.
   */
  void commitTouched(RepoId repo, Commit commit, boolean inTree) {
    if (held(repo, commit)) {
      return;
    }
    lookForListing(repo, commit, inTree);
    memory.of(repo).unwrittenRefs(commit).forEach(revision -> ref(repo, revision, commit, inTree));
  }

  /** Once, and again after one came. */
  private void lookForListing(RepoId repo, Commit commit, boolean inTree) {
    if (!inTree) {
      return; // It has no place yet; when it gets one, the listing is still to be looked for.
    }
    Listed whole = new Listed(repo, commit);
    long now = listings.get();
    Looked looked = listed.getIfPresent(whole);
    if (looked != null && (looked.found() || looked.listings() == now)) {
      return;
    }
    Optional<DocumentRow> row = catalog.document(repo, DocumentKeys.wholeTree(commit));
    row.ifPresent(found -> foundListing(repo, commit, Listings.files(found.body())));
    listed.put(whole, new Looked(row.isPresent(), now));
  }

  /** Warns once for a commit: its listing is written once, or by several flights at one moment. */
  private void foundListing(RepoId repo, Commit commit, List<HubTree.ListedFile> files) {
    List<LeftOutFile> odd = LeftOutFile.of(files);
    boolean written = listing(repo, commit, files, true);
    if (written
        && !odd.isEmpty()
        && warned.asMap().putIfAbsent(new Listed(repo, commit), true) == null) {
      LOG.atWarn()
          .addKeyValue("repo", repo)
          .addKeyValue("commit", commit)
          .log("files are left out for their names: {}", LeftOutFile.words(odd));
    }
  }

  /** The hub's listing of some commit was written down just now. */
  void listingCame() {
    long _ = listings.incrementAndGet();
  }

  /**
   * A pull writes listing and ref itself, when all is here: until it is closed nobody else does.
   */
  Held hold(RepoId repo, Commit commit) {
    Listed held = new Listed(repo, commit);
    pulled.merge(held, 1, Integer::sum);
    return () -> pulled.computeIfPresent(held, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean held(RepoId repo, Commit commit) {
    return pulled.containsKey(new Listed(repo, commit));
  }

  /** A commit kept from appearing. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Writes down what a branch or tag means, unless it is written down already, or something newer
   * is: a download may end long after its branch moved on. In the tree only when {@link Succession}
   * says so.
   */
  void ref(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    if (revision.commit().isPresent() || settled(repo, revision, commit, inTree)) {
      return;
    }
    writeRef(repo, revision, commit, inTree, () -> succession.due(repo, revision, commit));
  }

  /** The same once all that a pull was asked for is here, which is what the branch means now. */
  void refOfPull(RepoId repo, Revision revision, Commit commit, boolean inTree) {
    if (revision.commit().isEmpty()) {
      writeRef(repo, revision, commit, inTree, () -> true);
    }
  }

  /** When the branch waits for news of {@code commit}: looks whether it still has to. */
  void moveOn(RepoId repo, Revision revision, Commit commit) {
    KnownRef known = memory.of(repo).ref(revision);
    if (known != null && known.commit().equals(commit) && known.written() == Written.CATALOG) {
      ref(repo, revision, commit, true);
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
    refs.lock();
    try {
      KnownRef known = memory.of(repo).ref(revision);
      boolean current = known == null || known.commit().equals(commit);
      if (current && known != null && known.written() == Written.TREE) {
        return;
      }
      if (known == null || known.written() == Written.NOWHERE) {
        files.recordRef(repo, revision, commit, clock.instant());
      } else if (!current) {
        return; // Something newer is written down.
      }
      Written written = inTree ? inTree(repo, revision, commit, due) : Written.CATALOG;
      if (known != null && current) {
        memory.of(repo).learnRef(revision, new KnownRef(commit, known.confirmedAt(), written));
      }
    } finally {
      refs.unlock();
    }
  }

  private Written inTree(RepoId repo, Revision revision, Commit commit, BooleanSupplier due) {
    try {
      if (!due.getAsBoolean()) {
        return Written.CATALOG;
      }
      tree.writeRef(repo, revision, commit);
    } catch (HubTreeException e) {
      notWritten("ref", repo, e);
    }
    return Written.TREE;
  }

  /** Whether it was not there yet. It names every file of the commit, as Python's does. */
  boolean listing(RepoId repo, Commit commit, List<HubTree.ListedFile> files, boolean inTree) {
    if (!inTree || tree.listing(repo, commit).isPresent()) {
      return false;
    }
    attempt("listing", repo, () -> tree.writeListing(repo, commit, files));
    memory.of(repo).newsCame();
    return true;
  }

  void absent(EntryKey key, boolean inTree) {
    memory.learn(key, new KnownEntry.Absent(key.commit(), clock.instant()));
    if (inTree && roomForAbsence(key)) {
      attempt("absence", key.repo(), () -> tree.writeNoExist(key.repo(), key.commit(), key.path()));
    }
    memory.of(key.repo()).newsCame();
  }

  /** Anybody can make up names that are not there, and each costs a file. */
  private boolean roomForAbsence(EntryKey key) {
    return absences
            .get(new Listed(key.repo(), key.commit()), _ -> new AtomicLong())
            .incrementAndGet()
        <= ABSENCES_PER_COMMIT;
  }

  void attempt(String what, RepoId repo, Runnable write) {
    try {
      write.run();
    } catch (HubTreeException e) {
      notWritten(what, repo, e);
    }
  }

  private static void notWritten(String what, RepoId repo, HubTreeException e) {
    LOG.atWarn()
        .addKeyValue("repo", repo)
        .log("could not write a {} into the cache tree: {}", what, e.explanation());
  }
}
