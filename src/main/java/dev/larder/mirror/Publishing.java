package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTreeException;
import dev.larder.mirror.HubMemory.EntryKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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
  private final Appearing appearing;
  private final Catalog catalog;
  private final HubTree tree;
  private final RefWriting refs;
  private final InstantSource clock;

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
    this.appearing = new Appearing(asking);
    this.catalog = catalog;
    this.tree = tree;
    this.refs = new RefWriting(files, memory, tree, appearing);
    this.clock = clock;
  }

  /** The refs, which come last. */
  RefWriting refs() {
    return refs;
  }

  /** {@code inTree}: the file may appear in the shared tree. */
  void published(EntryKey key, Identity identity, long sizeBytes, Digest digest, boolean inTree) {
    asking.writeDown(key.repo());
    files.record(key, identity, digest, sizeBytes);
    EntryHead head = LocalFiles.head(key, identity, sizeBytes, identity instanceof Digest);
    memory.learn(key, new KnownEntry.Present(head, digest));
    if (inTree) {
      boolean _ = attempt("file", key.repo(), () -> show(key, identity, digest));
    }
    memory.of(key.repo()).newsCame();
  }

  boolean mayAppear(RepoId repo) {
    return asking.mayAppear(repo);
  }

  /** What is there already, others may have put there: only what is new is noted as shown. */
  private void show(EntryKey key, Identity identity, Digest digest) {
    if (tree.find(key.repo(), key.commit(), key.path()).isEmpty()) {
      catalog.putShown(
          new Catalog.ShownRow(
              key.repo(), key.commit(), key.path(), identity, digest, asking.ownsTree()));
    }
    tree.publish(key.repo(), key.commit(), key.path(), identity, digest);
  }

  /**
   * Takes out of the tree what was shown of a repo that is closed now. What cannot be taken out is
   * tried again when the hub is asked about the repo the next time.
   */
  void withdrawIfPossible(RepoId repo) {
    try {
      appearing.withdraw(repo, () -> withdraw(repo));
    } catch (CatalogException e) {
      LOG.atWarn().addKeyValue("repo", repo).log("nothing is withdrawn: {}", e.explanation());
    }
  }

  private void withdraw(RepoId repo) {
    List<Catalog.ShownRow> shown = catalog.shown(repo);
    if (shown.isEmpty()) {
      return;
    }
    try {
      tree.withdraw(
          repo,
          shown.stream()
              .map(row -> new HubTree.Shown(row.commit(), row.path(), row.identity(), row.digest()))
              .toList());
    } catch (HubTreeException e) {
      notWritten("withdrawal", repo, e);
      return;
    }
    catalog.forgetShown(shown);
    forgetMemory(repo);
    LOG.atInfo()
        .addKeyValue("event", "tree.withdrawn")
        .addKeyValue("repo", repo)
        .addKeyValue("files", shown.size())
        .log("Files of a restricted repo were taken out of the shared tree");
  }

  /**
   * Forgets what the repo holds, since it was learnt with other rights than those that count now:
   * the hub is asked again about every file, and bytes that are here need not come again. What was
   * asked before is not kept any more when it comes.
   */
  void forgetContents(RepoId repo) {
    memory
        .tenures()
        .end(
            repo,
            () -> {
              files.forgetContents(repo);
              forgetMemory(repo);
            });
  }

  /** Does it while nothing is shown of the repo. */
  void alone(RepoId repo, Runnable removal) {
    appearing.withdraw(repo, removal);
  }

  /** What is written down, or lies in the tree, is looked at again. */
  void forgetMemory(RepoId repo) {
    listed.asMap().keySet().removeIf(of -> of.repo().equals(repo));
    absences.asMap().keySet().removeIf(of -> of.repo().equals(repo));
    memory.forgetContents(repo);
    memory.of(repo).newsCame();
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
    memory
        .of(repo)
        .unwrittenRefs(commit)
        .forEach(revision -> refs.write(repo, revision, commit, inTree));
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

  /** Whether a pull is bringing this commit, or any of the repo. */
  boolean isComing(RepoId repo, Optional<Commit> commit) {
    return pulled.keySet().stream()
        .anyMatch(of -> of.repo().equals(repo) && commit.map(of.commit()::equals).orElse(true));
  }

  boolean held(RepoId repo, Commit commit) {
    return pulled.containsKey(new Listed(repo, commit));
  }

  /** What running pulls are bringing. */
  Set<CachingHubMirror.Pulling> pulling() {
    return pulled.keySet().stream()
        .map(of -> new CachingHubMirror.Pulling(of.repo(), of.commit()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A commit kept from appearing. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether it was not there yet. It names every file of the commit, as Python's does. */
  boolean listing(RepoId repo, Commit commit, List<HubTree.ListedFile> files, boolean inTree) {
    if (!inTree || tree.listing(repo, commit).isPresent()) {
      return false;
    }
    boolean written = attempt("listing", repo, () -> tree.writeListing(repo, commit, files));
    memory.of(repo).newsCame();
    return written;
  }

  void absent(EntryKey key, boolean inTree) {
    memory.learn(key, new KnownEntry.Absent(key.commit(), clock.instant()));
    if (inTree && roomForAbsence(key)) {
      boolean _ =
          attempt(
              "absence", key.repo(), () -> tree.writeNoExist(key.repo(), key.commit(), key.path()));
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

  /** False where the repo is closed; a tree that cannot be written is reported. */
  private boolean attempt(String what, RepoId repo, Runnable write) {
    return appearing.show(
        repo,
        () -> {
          try {
            write.run();
          } catch (HubTreeException e) {
            notWritten(what, repo, e);
          }
        });
  }

  static void notWritten(String what, RepoId repo, HubTreeException e) {
    LOG.atWarn()
        .addKeyValue("repo", repo)
        .log("could not write a {} into the cache tree: {}", what, e.explanation());
  }
}
