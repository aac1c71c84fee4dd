package dev.larder.app;

import dev.larder.catalog.Catalog;
import dev.larder.content.Digest;
import dev.larder.store.BlobLedger;
import java.util.Collection;

/** The store's rows, kept in the catalog: the two rooms do not know each other. */
record CatalogLedger(Catalog catalog) implements BlobLedger {
  @Override
  public Collection<BlobRow> rows() {
    return catalog.blobs().stream()
        .map(
            row ->
                new BlobRow(
                    row.digest(), row.fingerprint(), row.deleting() ? State.DELETING : State.READY))
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
