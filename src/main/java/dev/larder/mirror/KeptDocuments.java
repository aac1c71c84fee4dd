package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hub's answers in the catalog, those asked for lately in memory too. Both are bounded: anybody
 * can make up questions that the hub answers. Safe for concurrent use.
 */
final class KeptDocuments {
  private static final Limits LIMITS = new Limits(20_000, 256L << 20);
  private static final long MEMORY_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  /** So many are written before the oldest are looked for; the first one of a process is. */
  private static final int WRITES_PER_PRUNE = 250;

  /** What a document costs beside its body. */
  private static final int OVERHEAD_BYTES = 512;

  private final Catalog catalog;
  private final Tenures tenures;
  private final Limits limits;
  private final AtomicLong written = new AtomicLong();
  private final Cache<Key, DocumentRow> recent =
      Caffeine.newBuilder().maximumWeight(MEMORY_BYTES).weigher(KeptDocuments::bytes).build();

  private final Cache<Key, Boolean> none = Caffeine.newBuilder().maximumSize(50_000).build();

  private record Key(RepoId repo, String name) {}

  /** What the catalog may hold. */
  record Limits(long documents, long bytes) {}

  KeptDocuments(Catalog catalog, HubMemory memory) {
    this(catalog, memory.tenures(), LIMITS);
  }

  KeptDocuments(Catalog catalog, Tenures tenures, Limits limits) {
    this.tenures = tenures;
    this.catalog = catalog;
    this.limits = limits;
  }

  private static int bytes(Key key, DocumentRow row) {
    return OVERHEAD_BYTES + key.name().length() + row.body().length;
  }

  /** For a look into it that is over at once. */
  Optional<DocumentRow> find(RepoId repo, String name) {
    return find(repo, name, Reserve.UNLIMITED);
  }

  /** As {@link #find}, for what every question needs: that there is none is kept in memory too. */
  Optional<DocumentRow> findOften(RepoId repo, String name) {
    Key key = new Key(repo, name);
    if (none.getIfPresent(key) != null) {
      return Optional.ofNullable(recent.getIfPresent(key));
    }
    Optional<DocumentRow> row = find(repo, name);
    if (row.isEmpty()) {
      none.put(key, true);
    }
    return row;
  }

  /** To be held for as long as {@code reserve} is. */
  Optional<DocumentRow> find(RepoId repo, String name, Reserve reserve) {
    Key key = new Key(repo, name);
    DocumentRow known = recent.getIfPresent(key);
    if (known != null) {
      reserve.take(known.body().length);
      return Optional.of(known);
    }
    long tenure = tenures.of(repo);
    Optional<DocumentRow> row = catalog.document(repo, name);
    long bytes = row.map(found -> found.body().length).orElse(0);
    if (!reserve.tryTake(bytes)) {
      row = Optional.empty(); // Not held while it waits.
      reserve.take(bytes);
      row = catalog.document(repo, name);
    }
    row.ifPresent(found -> remember(key, found, tenure));
    return row;
  }

  /** Not over a newer one, nor when it was forgotten meanwhile. */
  private void remember(Key key, DocumentRow found, long tenure) {
    boolean _ = tenures.during(key.repo(), tenure, () -> recent.asMap().putIfAbsent(key, found));
  }

  /** The catalog's are forgotten already. */
  void forget(RepoId repo) {
    recent.asMap().keySet().removeIf(key -> key.repo().equals(repo));
  }

  void keep(DocumentRow row) {
    catalog.putDocument(row);
    Key key = new Key(row.repo(), row.key());
    recent.put(key, row);
    none.invalidate(key);
    if (written.getAndIncrement() % WRITES_PER_PRUNE == 0) {
      catalog.pruneDocuments(limits.documents(), limits.bytes());
    }
  }
}
