package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.BlobLedger;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A store and a tree over one directory, and a catalog that outlives them. */
final class Kept implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  final Catalog catalog;
  final LocalBlobStore store;
  final HubTree tree;
  final BlobRemoval removal;

  Kept(Path root, Disk disk, StoreLimits limits, Catalog catalog) {
    this(root, disk, limits, catalog, new Rows(catalog));
  }

  Kept(Path root, Disk disk, StoreLimits limits, Catalog catalog, BlobLedger ledger) {
    this.catalog = catalog;
    store =
        LocalBlobStore.open(root.resolve("larder"), disk, ledger, limits, InstantSource.fixed(NOW));
    tree = LocalHubTree.open(root.resolve("hub"), disk, store);
    removal =
        new LinkedBlobRemoval(
            store,
            tree,
            catalog,
            new Seclusion() {
              @Override
              public void alone(RepoId repo, Runnable work) {
                work.run();
              }

              @Override
              public void removed(RepoId repo) {}
            });
  }

  /** As a server keeps a file of a public repo's branch, {@code idleSeconds} ago. */
  Digest keep(RepoId repo, Commit commit, String path, byte[] bytes, long idleSeconds) {
    Digest digest = Bytes.digest(bytes);
    try (StagedBlob staged = store.stage(digest, bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      Digest _ = staged.commit();
    }
    EntryPath at = new EntryPath(path);
    catalog.putRepo(new RepoRow(repo, Visibility.PUBLIC, NOW, repo.name()));
    catalog.putEntries(List.of(new EntryRow(repo, commit, at, digest, bytes.length, true)));
    catalog.putShown(new ShownRow(repo, commit, at, digest, digest, false));
    tree.publish(repo, commit, at, digest, digest);
    tree.writeRef(repo, Revision.MAIN, commit);
    catalog.putRef(new RefRow(repo, Revision.MAIN, commit, NOW));
    catalog.touch(List.of(new Use(repo, digest, NOW.minusSeconds(idleSeconds))));
    return digest;
  }

  RoomKeeper keeper(Ballast ballast, Supplier<Set<Snapshot>> pulling) {
    RoomKeeper keeper =
        new RoomKeeper(
            new RoomKeeper.Parts(
                store,
                tree,
                catalog,
                removal,
                ballast,
                pulling,
                () -> {},
                InstantSource.fixed(NOW)));
    store.askForRoom(keeper);
    keeper.begin(false);
    return keeper;
  }

  @Override
  public void close() {
    store.close();
  }

  /** The store's rows in the catalog. */
  record Rows(Catalog catalog) implements BlobLedger {
    @Override
    public Collection<BlobRow> rows() {
      return catalog.blobs().stream()
          .map(
              row ->
                  new BlobRow(
                      row.digest(),
                      row.fingerprint(),
                      row.deleting() ? State.DELETING : State.READY))
          .toList();
    }

    @Override
    public void put(BlobRow row) {
      catalog.putBlob(
          new Catalog.BlobRow(row.digest(), row.fingerprint(), row.state() == State.DELETING));
    }

    @Override
    public void forget(Digest digest) {
      catalog.forgetBlob(digest);
    }
  }
}
