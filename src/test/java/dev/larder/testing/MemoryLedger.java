package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.store.BlobLedger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A ledger that outlives the store that writes it. */
public final class MemoryLedger implements BlobLedger {
  private final Map<Digest, BlobRow> rows = new ConcurrentHashMap<>();

  @Override
  public Collection<BlobRow> rows() {
    return List.copyOf(rows.values());
  }

  @Override
  public void put(BlobRow row) {
    rows.put(row.digest(), row);
  }

  @Override
  public void forget(Digest digest) {
    rows.remove(digest);
  }
}
