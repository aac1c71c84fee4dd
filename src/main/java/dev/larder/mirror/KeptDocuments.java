package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.RepoId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hub's answers in the catalog, those asked for lately in memory too. Both are bounded: anybody
 * can make up questions that the hub answers. Safe for concurrent use.
 */
final class KeptDocuments {
  private static final Limits LIMITS = new Limits(20_000, 256L << 20);
  private static final long MEMORY_BYTES = 64L << 20;

  /** So many are written before the oldest are looked for; the first one of a process is. */
  private static final int WRITES_PER_PRUNE = 250;

  /** What a document costs beside its body. */
  private static final int OVERHEAD_BYTES = 512;

  private final Catalog catalog;
  private final Limits limits;
  private final AtomicLong written = new AtomicLong();
  private final Cache<Key, DocumentRow> recent =
      Caffeine.newBuilder().maximumWeight(MEMORY_BYTES).weigher(KeptDocuments::bytes).build();

  private record Key(RepoId repo, String name) {}

  /** What the catalog may hold. */
  record Limits(long documents, long bytes) {}

  KeptDocuments(Catalog catalog) {
    this(catalog, LIMITS);
  }

  KeptDocuments(Catalog catalog, Limits limits) {
    this.catalog = catalog;
    this.limits = limits;
  }

  private static int bytes(Key key, DocumentRow row) {
    return OVERHEAD_BYTES + key.name().length() + row.body().length;
  }

  Optional<DocumentRow> find(RepoId repo, String name) {
    Key key = new Key(repo, name);
    DocumentRow known = recent.getIfPresent(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<DocumentRow> row = catalog.document(repo, name);
    row.ifPresent(found -> recent.asMap().putIfAbsent(key, found)); // Not over a newer one.
    return row;
  }

  void keep(DocumentRow row) {
    catalog.putDocument(row);
    recent.put(new Key(row.repo(), row.key()), row);
    if (written.getAndIncrement() % WRITES_PER_PRUNE == 0) {
      catalog.pruneDocuments(limits.documents(), limits.bytes());
    }
  }
}
