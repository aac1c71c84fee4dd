package dev.larder.provision;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.provision.Archives.KeptRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Publishes repos whose blobs are in the store, in the order of the law: rows, hub tree, refs.
 * Repeating it is fine.
 */
final class Publication {
  private final HubTree tree;
  private final Catalog catalog;
  private final Rooms.News news;

  Publication(Rooms rooms) {
    this.tree = rooms.tree();
    this.catalog = rooms.catalog();
    this.news = rooms.news();
  }

  /** Answers the refs that stay as they are here. */
  List<KeptRef> publish(Bundle bundle) {
    RepoId repo = bundle.repo();
    bundle.standing().ifPresent(this::putStanding);
    bundle.snapshots().forEach(snapshot -> putRows(repo, snapshot));
    bundle.snapshots().forEach(snapshot -> putInTree(repo, snapshot));
    List<KeptRef> kept = new ArrayList<>();
    for (Bundle.Ref ref : bundle.refs()) {
      kept(repo, ref).ifPresentOrElse(kept::add, () -> putRef(repo, ref));
    }
    news.cameIn(repo);
    return kept;
  }

  /**
   * What this Larder learnt itself counts for more; a repo that is closed here stays closed. An
   * archive opens only what it brings: nothing that is here already.
   */
  private void putStanding(Catalog.RepoRow archived) {
    RepoId repo = archived.repo();
    Optional<Catalog.RepoRow> here = catalog.repo(repo);
    boolean counts =
        archived.visibility() == Visibility.RESTRICTED
            ? here.filter(row -> row.visibility() != Visibility.UNKNOWN).isEmpty()
            : here.isEmpty() && !tree.has(repo) && catalog.refs(repo).isEmpty();
    if (counts) {
      catalog.putRepo(archived);
    }
  }

  private void putRows(RepoId repo, Bundle.Snapshot snapshot) {
    for (Bundle.File file : snapshot.files()) {
      if (file.identity() instanceof GitBlobId id) {
        catalog.pinBlob(id, file.digest());
      }
    }
    catalog.putEntries(
        snapshot.files().stream()
            .map(
                file ->
                    new EntryRow(
                        repo,
                        snapshot.commit(),
                        file.path(),
                        file.identity(),
                        file.sizeBytes(),
                        file.identity() instanceof Digest))
            .toList());
  }

  private void putInTree(RepoId repo, Bundle.Snapshot snapshot) {
    Commit commit = snapshot.commit();
    boolean any = false;
    for (Bundle.File file : snapshot.files()) {
      if (file.inTree()) {
        any = true;
        if (tree.find(repo, commit, file.path()).isEmpty()) {
          boolean owners = !file.shown();
          catalog.putShown(
              new Catalog.ShownRow(
                  repo, commit, file.path(), file.identity(), file.digest(), owners));
        }
        tree.publish(repo, commit, file.path(), file.identity(), file.digest());
      }
    }
    if (any && tree.listing(repo, commit).isEmpty()) {
      snapshot.listing().ifPresent(files -> tree.writeListing(repo, commit, files));
    }
  }

  /** A ref that is here and means something else stays, unless the other was confirmed later. */
  Optional<KeptRef> kept(RepoId repo, Bundle.Ref ref) {
    return here(repo, ref.revision())
        .filter(here -> !here.commit().equals(ref.commit()))
        .filter(here -> !ref.confirmedAt().isAfter(here.confirmedAt()))
        .map(here -> new KeptRef(repo, ref.revision(), here.commit().hex(), ref.commit().hex()));
  }

  /**
   * What the ref means here, and when the hub said so. Another program that moved it in the tree
   * had just asked the hub: then the time of the file tells. Where the catalog means something else
   * the later of the two counts.
   */
  private Optional<RefRow> here(RepoId repo, Revision revision) {
    Optional<RefRow> row = catalog.ref(repo, revision);
    Optional<RefRow> moved =
        tree.ref(repo, revision)
            .filter(commit -> row.filter(known -> known.commit().equals(commit)).isEmpty())
            .map(commit -> new RefRow(repo, revision, commit, writtenAt(repo, revision)));
    return Stream.concat(row.stream(), moved.stream())
        .max(Comparator.comparing(RefRow::confirmedAt));
  }

  private Instant writtenAt(RepoId repo, Revision revision) {
    return tree.stat(repo, "refs/" + revision)
        .map(file -> FileStat.time(file.modifiedNanos()))
        .orElse(Instant.EPOCH);
  }

  private void putRef(RepoId repo, Bundle.Ref ref) {
    Optional<RefRow> row = catalog.ref(repo, ref.revision());
    boolean known =
        row.filter(r -> r.commit().equals(ref.commit()))
            .filter(r -> !r.confirmedAt().isBefore(ref.confirmedAt()))
            .isPresent();
    if (!known) {
      catalog.putRef(new RefRow(repo, ref.revision(), ref.commit(), ref.confirmedAt()));
    }
    if (ref.inTree()) {
      tree.writeRef(repo, ref.revision(), ref.commit());
    }
  }
}
