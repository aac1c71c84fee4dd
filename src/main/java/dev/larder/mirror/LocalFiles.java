package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.Written;
import dev.larder.store.BlobLease;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import dev.larder.upstream.Deadline;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What of a hub is on this machine: in the store, in the catalog, or in the tree where Python may
 * have put it. Files of Python's are hashed before they are trusted. Blocks; not for the event
 * loop. Rows that every hit needs are kept in memory: nobody else writes the catalog.
 */
final class LocalFiles implements AutoCloseable {
  private final BlobStore store;
  private final Catalog catalog;
  private final HubTree tree;
  private final Adoptions adoptions;

  /** A pin never changes, so it is asked for once. */
  private final Cache<GitBlobId, Digest> pins = Caffeine.newBuilder().maximumSize(200_000).build();

  /** The catalog's refs, and that it has none. */
  private final Cache<RefKey, Optional<KnownRef>> rows =
      Caffeine.newBuilder().maximumSize(50_000).build();

  /** The look that the request on this thread has taken. */
  private static final ScopedValue<Look> LOOK = ScopedValue.newInstance();

  private record RefKey(RepoId repo, Revision revision) {}

  LocalFiles(BlobStore store, Catalog catalog, HubTree tree) {
    this.store = store;
    this.catalog = catalog;
    this.tree = tree;
    this.adoptions = new Adoptions(store, tree);
  }

  /** Answers a request with one look at catalog and tree, however often they are asked. */
  <T> T atOneLook(Supplier<T> request) {
    return LOOK.isBound()
        ? request.get()
        : ScopedValue.where(LOOK, new Look(catalog, tree)).call(request::get);
  }

  private Look look() {
    return LOOK.isBound() ? LOOK.get() : new Look(catalog, tree);
  }

  /**
   * What is known of an entry without asking anybody: its row, its listing, or its link in the
   * tree.
   */
  Optional<EntryHead> describe(EntryKey key) {
    Optional<EntryRow> row = look().row(key);
    if (row.isPresent()) {
      return row.map(r -> head(key, r.identity(), r.sizeBytes(), r.lfs()));
    }
    return look()
        .file(key)
        .flatMap(
            found ->
                found.identity().map(id -> head(key, id, found.sizeBytes(), id instanceof Digest)));
  }

  static EntryHead head(EntryKey key, Identity identity, long sizeBytes, boolean lfs) {
    return new EntryHead(
        key.commit(), key.path(), Optional.of(identity), identity.hex(), sizeBytes, lfs);
  }

  /**
   * The blob of an entry when its bytes are here, taken over from the tree if need be. Throws
   * {@link MirrorException.StillHashing} when a file there is not hashed {@code by} then.
   */
  Optional<Digest> locate(EntryKey key, Identity identity, Deadline by) {
    Optional<Digest> named = inStore(identity);
    return named.isPresent() ? named : adopt(key, identity, by);
  }

  /** By name alone: no file is touched. */
  Optional<Digest> inStore(Identity identity) {
    Optional<Digest> digest =
        switch (identity) {
          case Digest sha256 -> Optional.of(sha256);
          case GitBlobId id -> pinned(id);
        };
    return digest.filter(d -> store.find(d) instanceof Lookup.Present);
  }

  private Optional<Digest> pinned(GitBlobId id) {
    Digest known = pins.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Digest> row = look().pin(id);
    row.ifPresent(digest -> pins.put(id, digest));
    return row;
  }

  private Optional<Digest> adopt(EntryKey key, Identity identity, Deadline by) {
    Optional<FoundFile> found = look().file(key);
    Optional<Digest> digest = found.flatMap(file -> adoptions.adopt(key, file, identity, by));
    digest.ifPresentOrElse(
        d -> record(key, identity, d, found.orElseThrow().sizeBytes()), () -> look().dismiss(key));
    return digest;
  }

  /** Whether {@link #locate} has something to work with; nothing is hashed. */
  boolean holds(EntryKey key, Identity identity) {
    return inStore(identity).isPresent() || look().file(key).isPresent();
  }

  /** Writes what the catalog keeps of a blob that is durable now. */
  void record(EntryKey key, Identity identity, Digest digest, long sizeBytes) {
    if (identity instanceof GitBlobId id) {
      catalog.pinBlob(id, digest);
      catalog.blobOf(id).ifPresent(pin -> pins.put(id, pin)); // So that no hit has to ask.
    }
    catalog.putEntries(
        List.of(
            new EntryRow(
                key.repo(),
                key.commit(),
                key.path(),
                identity,
                sizeBytes,
                identity instanceof Digest)));
  }

  /** The commit a revision meant when it was last written down in the catalog. */
  Optional<KnownRef> ref(RepoId repo, Revision revision) {
    RefKey key = new RefKey(repo, revision);
    Optional<KnownRef> known = rows.getIfPresent(key);
    if (known == null) {
      known =
          catalog
              .ref(repo, revision)
              .map(r -> new KnownRef(r.commit(), r.confirmedAt(), Written.CATALOG));
      rows.asMap().putIfAbsent(key, known); // Not over what was written meanwhile.
    }
    return known;
  }

  void recordRef(RepoId repo, Revision revision, Commit commit, Instant confirmedAt) {
    catalog.putRef(new RefRow(repo, revision, commit, confirmedAt));
    rows.put(
        new RefKey(repo, revision),
        Optional.of(new KnownRef(commit, confirmedAt, Written.CATALOG)));
  }

  /** Branches and tags that are written down, in the catalog or in the tree. */
  Set<Revision> refs(RepoId repo) {
    Set<Revision> refs = new HashSet<>();
    catalog.refs(repo).forEach(row -> refs.add(row.revision()));
    tree.inspect(repo).ifPresent(found -> found.refs().forEach(ref -> refs.add(ref.revision())));
    return refs;
  }

  /** Forgets what is written down of the repo's refs and entries. */
  void forgetContents(RepoId repo) {
    catalog.forgetContents(repo);
    forgetRows(repo);
  }

  /** The rows stay: they are read again. */
  void forgetRows(RepoId repo) {
    rows.asMap().keySet().removeIf(key -> key.repo().equals(repo));
  }

  /** As the tree has it now: Python writes there too. */
  Optional<Commit> treeRef(RepoId repo, Revision revision) {
    return look().ref(repo, revision);
  }

  /** Holds a blob's bytes; empty when they are not, or not any more, what they should be. */
  Optional<BlobLease> lease(Digest digest) {
    return store.lease(digest);
  }

  /** The files of a commit that are here and can be verified: in the tree, or written down. */
  List<ListedFile> lying(RepoId repo, Commit commit) {
    SortedMap<EntryPath, ListedFile> found = new TreeMap<>();
    for (EntryRow row : catalog.entries(repo, commit)) {
      if (holds(new EntryKey(repo, commit, row.path()), row.identity())) {
        found.put(row.path(), listed(row.path(), row.identity(), row.sizeBytes()));
      }
    }
    tree.inspect(repo).stream()
        .flatMap(folder -> folder.snapshots().stream())
        .filter(snapshot -> snapshot.commit().equals(commit))
        .flatMap(snapshot -> snapshot.files().stream())
        .forEach(
            file ->
                file.identity()
                    .map(identity -> listed(file.path(), identity, file.sizeBytes()))
                    .ifPresent(each -> found.putIfAbsent(file.path(), each)));
    return List.copyOf(found.values());
  }

  private static ListedFile listed(EntryPath path, Identity identity, long sizeBytes) {
    Optional<Digest> lfs =
        identity instanceof Digest digest ? Optional.of(digest) : Optional.empty();
    return new ListedFile(path, sizeBytes, identity.hex(), lfs);
  }

  boolean knownAbsent(RepoId repo, Commit commit, EntryPath path) {
    return tree.knownAbsent(repo, commit, path);
  }

  @Override
  public void close() {
    adoptions.close();
  }
}
