package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.Location;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of repos, refs and entries, in memory. Look-ups take no lock. Bounded: what falls
 * out is found again in the catalog, the tree or at the upstream.
 */
final class HubMemory {
  private static final int REPOS = 20_000;
  private static final int ENTRIES = 200_000;
  private static final int REFS_PER_REPO = 1_000;
  private static final int LOCATIONS = 2_000;
  private static final Duration LOCATION_TTL = Duration.ofMinutes(1);

  private final Tenures tenures = new Tenures();
  private final Cache<RepoId, RepoMemory> repos = Caffeine.newBuilder().maximumSize(REPOS).build();
  private final Cache<EntryKey, KnownEntry> entries =
      Caffeine.newBuilder().maximumSize(ENTRIES).build();

  private final Cache<EntryKey, Location> locations =
      Caffeine.newBuilder().maximumSize(LOCATIONS).expireAfterWrite(LOCATION_TTL).build();

  /** Names an entry for good: what a commit holds never changes. */
  record EntryKey(RepoId repo, Commit commit, EntryPath path) {}

  /** Where it is written down that a ref means a commit. */
  enum Written {
    NOWHERE,
    CATALOG,
    /** In the tree and in the catalog, or wherever else it should be. */
    TREE
  }

  /** A ref and when the hub last confirmed it. */
  record KnownRef(Commit commit, Instant confirmedAt, Written written) {
    boolean freshAt(Instant now, Duration ttl) {
      return now.isBefore(confirmedAt.plus(ttl));
    }
  }

  /** In which it is told whether what was asked for may still be kept. */
  Tenures tenures() {
    return tenures;
  }

  @Nullable RepoMemory find(RepoId repo) {
    return repos.getIfPresent(repo);
  }

  RepoMemory of(RepoId repo) {
    return repos.get(repo, _ -> new RepoMemory());
  }

  @Nullable KnownEntry entry(EntryKey key) {
    return entries.getIfPresent(key);
  }

  void learn(EntryKey key, KnownEntry entry) {
    entries.put(key, entry);
  }

  /**
   * Where the hub told anybody that the bytes lie. Kept for a moment only, for the client that asks
   * what a file is and then for the file.
   */
  void learnLocation(EntryKey key, Location location) {
    locations.put(key, location);
  }

  Optional<Location> location(EntryKey key) {
    return Optional.ofNullable(locations.getIfPresent(key));
  }

  /** Forgets what {@code repo} holds, but not who may read it. Rare, so it walks everything. */
  void forgetContents(RepoId repo) {
    entries.asMap().keySet().removeIf(key -> key.repo().equals(repo));
    locations.asMap().keySet().removeIf(key -> key.repo().equals(repo));
    of(repo).refs.clear();
  }

  /** One repo: who may read it, and its refs. */
  static final class RepoMemory {
    private volatile Access access = new Access(Standing.UNKNOWN, Instant.MIN, Instant.MIN);
    private final Map<Revision, KnownRef> refs = new ConcurrentHashMap<>();
    private final AtomicLong news = new AtomicLong();
    private volatile @Nullable Recorded recorded;
    private volatile Catalog.@Nullable Holder holder;

    Access access() {
      return access;
    }

    synchronized void learnAccess(Standing standing, Instant at) {
      access = new Access(standing, at, standing == Standing.PUBLIC ? at : Instant.MIN);
    }

    /** Anonymous callers were told about the repo; of its files that says nothing. */
    synchronized void learnTold(Instant at) {
      access = new Access(access.standing(), access.checkedAt(), at);
    }

    /** What was written down, unless something was learnt meanwhile. */
    synchronized void recallAccess(Standing standing, Instant at) {
      if (access.standing() != Standing.UNKNOWN || access.told()) {
        return;
      }
      learnAccess(standing, at);
      if (standing == Standing.UNKNOWN) {
        learnTold(at);
      }
    }

    /** What the catalog has of the repo; null when it was not asked yet. */
    @Nullable Recorded recorded() {
      return recorded;
    }

    synchronized void recorded(Recorded row) {
      recorded = row;
    }

    /** Another than the mirror wrote it: it is read again. */
    synchronized void forgetRecorded() {
      recorded = null;
    }

    /** What was read, unless something was written meanwhile; the newer one. */
    synchronized Recorded recallRecorded(Recorded row) {
      Recorded known = recorded;
      if (known == null) {
        recorded = row;
        known = row;
      }
      return known;
    }

    /** Whose the name is, as the catalog has it; null when it was not asked yet. */
    Catalog.@Nullable Holder holder() {
      return holder;
    }

    void holder(Catalog.Holder row) {
      holder = row;
    }

    /** From memory: whether the commit is of a repo that had the name before. */
    boolean isFormer(Commit commit) {
      Catalog.Holder known = holder;
      return known != null && known.former().contains(commit);
    }

    @Nullable KnownRef ref(Revision revision) {
      return refs.get(revision);
    }

    Set<Revision> refs() {
      return Set.copyOf(refs.keySet());
    }

    /** Refs that mean {@code commit} and are not written down everywhere yet. */
    List<Revision> unwrittenRefs(Commit commit) {
      return refs.entrySet().stream()
          .filter(ref -> ref.getValue().written() != Written.TREE)
          .filter(ref -> ref.getValue().commit().equals(commit))
          .map(Map.Entry::getKey)
          .toList();
    }

    /**
     * The hub said {@code at} then what {@code revision} means. What is fresh {@code now} stands:
     * nobody is told two commits of one branch at one time.
     */
    void confirmRef(Revision revision, Commit commit, Instant at, Instant now, Duration ttl) {
      makeRoom(revision);
      refs.compute(
          revision,
          (_, before) -> {
            if (before != null && (before.freshAt(now, ttl) || before.confirmedAt().isAfter(at))) {
              return before;
            }
            boolean same = before != null && before.commit().equals(commit);
            return new KnownRef(commit, at, same ? before.written() : Written.NOWHERE);
          });
    }

    /** Whether a long list of refs may be learnt without making others forgotten. */
    boolean hasRoom() {
      return refs.size() < REFS_PER_REPO / 2;
    }

    void forgetRef(Revision revision) {
      refs.remove(revision);
    }

    /** Grows when something new is here of one of the repo's commits. */
    long news() {
      return news.get();
    }

    void newsCame() {
      long _ = news.incrementAndGet();
    }

    /** What was written down, unless the hub said something meanwhile. */
    void recallRef(Revision revision, KnownRef ref) {
      makeRoom(revision);
      KnownRef _ = refs.putIfAbsent(revision, ref);
    }

    /**
     * That {@code revision} means {@code commit} is written down now; it may mean another since.
     */
    void wroteRef(Revision revision, Commit commit, Written where) {
      KnownRef _ =
          refs.computeIfPresent(
              revision,
              (_, ref) ->
                  ref.commit().equals(commit)
                      ? new KnownRef(commit, ref.confirmedAt(), where)
                      : ref);
    }

    private void makeRoom(Revision revision) {
      if (refs.size() >= REFS_PER_REPO && !refs.containsKey(revision)) {
        refs.clear();
      }
    }
  }

  /** The catalog's row, or that there is none. */
  record Recorded(Optional<Catalog.RepoRow> row) {}

  /**
   * How a repo stands, as far as anonymous callers go. {@code ADOPTED}: found on disk and never
   * asked about.
   */
  enum Standing {
    UNKNOWN,
    ADOPTED,
    PUBLIC,
    RESTRICTED
  }

  /**
   * A standing and when it was asked for. {@code toldAt}: when the hub last told anonymous callers
   * about the repo, {@link Instant#MIN} for never. A gated repo is described to everybody and its
   * files are not given.
   */
  record Access(Standing standing, Instant checkedAt, Instant toldAt) {
    boolean publicAt(Instant now, Duration ttl) {
      return standing == Standing.PUBLIC && now.isBefore(checkedAt.plus(ttl));
    }

    boolean restrictedAt(Instant now, Duration ttl) {
      return standing == Standing.RESTRICTED && now.isBefore(checkedAt.plus(ttl));
    }

    boolean told() {
      return toldAt.isAfter(Instant.MIN);
    }

    boolean toldAt(Instant now, Duration ttl) {
      return told() && now.isBefore(toldAt.plus(ttl));
    }
  }
}
