package dev.larder.app;

import dev.larder.catalog.Catalog;
import dev.larder.content.Digest;
import dev.larder.store.BlobLedger;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The store's rows, kept in the catalog: the two rooms do not know each other. */
record CatalogLedger(Catalog catalog) implements BlobLedger {
  @Override
  public Collection<BlobRow> rows() {
    return catalog.blobs().stream().map(CatalogLedger::row).toList();
  }

  @Override
  public void each(Consumer<BlobRow> reader) {
    catalog.eachBlob(row -> reader.accept(row(row)));
  }

  private static BlobRow row(Catalog.BlobRow row) {
    return new BlobRow(
        row.digest(), row.fingerprint(), row.deleting() ? State.DELETING : State.READY);
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

  @Override
  public void lost(Digest digest) {
    catalog.checks().putLost(List.of(digest));
    catalog.forgetBlob(digest);
  }

  @Override
  public void allLost(Collection<Digest> digests) {
    catalog.checks().putLost(digests);
    catalog.forgetBlobs(digests);
  }
}
