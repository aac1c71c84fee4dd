package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.TreeClearing.Cleared;
import dev.larder.store.BlobStore;
import dev.larder.upkeep.Holdings.Blob;
import dev.larder.upkeep.Holdings.Ref;
import dev.larder.upkeep.Holdings.Repo;
import dev.larder.upkeep.Holdings.Snapshot;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Kind;
import dev.larder.upkeep.RemovalPlan.Seen;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalPlan.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the steps of a plan, each in the order of the law: refs, links, names in {@code blobs}, the
 * store's blobs, and last what the catalog knew. A crash in between leaves what the same request
 * finds and finishes. For one plan.
 */
final class Removing {
  private static final Logger LOG = LoggerFactory.getLogger(Removing.class);

  private final BlobStore store;
  private final HubTree tree;
  private final Catalog catalog;
  private final Pins pins;
  private final Seclusion seclusion;
  private final Holdings holdings;
  private final Instant now;
  private final Subtraction left;
  private final List<Going> gone = new ArrayList<>();
  private final List<Staying> stayed = new ArrayList<>();

  Removing(
      BlobStore store,
      HubTree tree,
      Catalog catalog,
      Pins pins,
      Seclusion seclusion,
      Holdings holdings,
      Instant now) {
    this.store = store;
    this.tree = tree;
    this.catalog = catalog;
    this.pins = pins;
    this.seclusion = seclusion;
    this.holdings = holdings;
    this.now = now;
    this.left = new Subtraction(holdings);
  }

  RemovalReport report() {
    return new RemovalReport(gone, stayed, gone.stream().mapToLong(Going::bytes).sum());
  }

  /** What went meanwhile is passed over. */
  void step(Going going) {
    Optional<Repo> repo = going.repo().flatMap(holdings::repo);
    Optional<String> why =
        going.kind() == Kind.STORED_BLOB
            ? whyItStays(new Digest(going.name()))
            : repo.flatMap(found -> whyItStays(going, found));
    if (why.isPresent()) {
      stayed.add(new Staying(going.subject(), why.get()));
      return;
    }
    switch (going.kind()) {
      case REPO -> repo.ifPresent(found -> done(going, whole(found)));
      case REVISION ->
          repo.ifPresent(
              found ->
                  going
                      .commit()
                      .flatMap(found::snapshot)
                      .ifPresent(snapshot -> done(going, revision(found, snapshot))));
      case BLOB, LEFTOVER ->
          repo.ifPresent(
              found ->
                  done(
                      going,
                      cleared(
                          found.repo(),
                          () -> tree.clearing().removeLoose(found.repo(), going.name()))));
      case SHARED_BLOB -> done(going, kept(tree.clearing().removeShared(going.name())));
      case STORED_BLOB -> done(going, stored(new Digest(going.name())));
    }
  }

  /** What was true when it was planned may not be now. */
  private Optional<String> whyItStays(Going going, Repo repo) {
    Optional<String> kept =
        repo.unreadable()
            .or(() -> pins.on(repo.repo(), going.commit()).map("it "::concat))
            .or(() -> going.why() == Why.UNREFERENCED ? repo.unclearRef() : Optional.empty());
    if (kept.isPresent()) {
      return kept;
    }
    if (going.commit().map(repo::refsTo).stream()
        .flatMap(List::stream)
        .anyMatch(ref -> !going.refs().contains(ref.revision()))) {
      return Optional.of("a ref names it since");
    }
    Optional<String> changed = going.seen().flatMap(seen -> whatChanged(going, seen, repo));
    if (changed.isPresent()) {
      return changed;
    }
    Set<Digest> known =
        going.commit().flatMap(repo::snapshot).map(Snapshot::known).orElseGet(repo::known);
    return going.why() != Why.NAMED && known.stream().anyMatch(store::isLeased)
        ? Optional.of("it is being read")
        : Optional.empty();
  }

  /** It may have waited for its answer for long. */
  private static Optional<String> whatChanged(Going going, Seen seen, Repo repo) {
    boolean more =
        repo.snapshots().stream().anyMatch(it -> !seen.commits().contains(it.commit()))
            || repo.refs().stream().anyMatch(ref -> !going.refs().contains(ref.revision()));
    if (more) {
      return Optional.of("more of it came since this was planned");
    }
    return repo.lastUsed().isAfter(seen.lastUsed())
        ? Optional.of("it was used since this was planned")
        : Optional.empty();
  }

  private Optional<String> whyItStays(Digest digest) {
    if (left.isNeeded(digest)) {
      return Optional.of("it is needed since");
    }
    return left.find(digest).filter(blob -> blob.isYoung(now)).map(_ -> "it came within the hour");
  }

  private void done(Going going, long bytes) {
    gone.add(going.freeing(bytes));
    LOG.atInfo()
        .addKeyValue("event", "removed")
        .addKeyValue("subject", going.subject())
        .addKeyValue("why", going.why())
        .addKeyValue("bytes", bytes)
        .log("Removed");
  }

  private long whole(Repo repo) {
    long _ = left.repo(repo);
    try {
      long freed = cleared(repo.repo(), () -> tree.clearing().removeRepo(repo.repo()));
      catalog.forgetShown(catalog.putInto(repo.repo()));
      freed += stored(repo.known());
      catalog.forgetContents(repo.repo());
      return freed;
    } finally {
      seclusion.removed(repo.repo()); // However far it came.
    }
  }

  private long revision(Repo repo, Snapshot snapshot) {
    Commit commit = snapshot.commit();
    repo.refsTo(commit).forEach(ref -> remember(repo.repo(), ref));
    remember(repo, snapshot);
    long _ = left.snapshot(repo, snapshot);
    try {
      long freed =
          cleared(
              repo.repo(),
              () -> tree.clearing().removeSnapshot(repo.repo(), commit, snapshot.ownBlobs()));
      catalog.forgetShown(
          catalog.putInto(repo.repo()).stream()
              .filter(row -> row.commit().equals(commit))
              .toList());
      freed += stored(snapshot.known());
      catalog.forgetCommit(repo.repo(), commit);
      return freed;
    } finally {
      seclusion.removed(repo.repo()); // However far it came.
    }
  }

  /** So that after a crash the same name still tells which commit has to be finished. */
  private void remember(RepoId repo, Ref ref) {
    if (catalog.ref(repo, ref.revision()).isEmpty()) {
      catalog.putRef(new RefRow(repo, ref.revision(), ref.commit(), Instant.EPOCH));
    }
  }

  /** And which blobs belong to it, when its links are gone. */
  private void remember(Repo repo, Snapshot snapshot) {
    Map<String, Blob> blobs = new HashMap<>();
    repo.blobs().forEach(blob -> blobs.put(blob.name(), blob));
    List<EntryRow> rows = new ArrayList<>();
    snapshot
        .links()
        .forEach(
            (path, name) -> {
              Blob blob = blobs.get(name);
              if (blob != null && blob.shared().isEmpty() && !snapshot.named().contains(name)) {
                row(repo.repo(), snapshot.commit(), path, blob).ifPresent(rows::add);
              }
            });
    catalog.putEntries(rows);
  }

  private static Optional<EntryRow> row(RepoId repo, Commit commit, String path, Blob blob) {
    try {
      Identity identity = Identity.ofHex(blob.name());
      return Optional.of(
          new EntryRow(
              repo,
              commit,
              new EntryPath(path),
              identity,
              blob.stat().sizeBytes(),
              identity instanceof Digest));
    } catch (InvalidName _) {
      return Optional.empty(); // Somebody's file, which a prune finds.
    }
  }

  private long cleared(RepoId repo, Supplier<Cleared> clearing) {
    List<Cleared> cleared = new ArrayList<>(1);
    seclusion.alone(repo, () -> cleared.add(clearing.get()));
    return kept(cleared.getFirst());
  }

  private long kept(Cleared cleared) {
    cleared.kept().forEach(sentence -> stayed.add(new Staying("", sentence)));
    return cleared.bytes();
  }

  private long stored(Set<Digest> digests) {
    return digests.stream().mapToLong(this::stored).sum();
  }

  /**
   * Stays when something else needs it, and while it is read. Whoever else has the file, such as
   * the folder that it was imported from, keeps it under that name, and then nothing is freed.
   */
  private long stored(Digest digest) {
    FileStat file = store.stat(digest).orElse(null);
    if (file == null) {
      return 0;
    }
    if (left.isNeeded(digest)) {
      store.relinked(digest); // It lost names, which is no change of its bytes.
      return 0;
    }
    return switch (store.remove(digest)) {
      case REMOVED -> file.links() == 1 ? file.sizeBytes() : 0;
      case ABSENT -> 0;
      case HELD -> {
        stayed.add(
            new Staying(
                "sha256:" + digest.hex(),
                "it is being read; 'larder prune' removes it an hour later"));
        yield 0;
      }
    };
  }
}
