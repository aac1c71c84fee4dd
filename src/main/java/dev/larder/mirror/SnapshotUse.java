package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.store.BlobLease;
import dev.larder.upstream.UpstreamException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The files of one commit, for use in this process. Unlike a pull it needs no place in the tree, so
 * a private repo of the site can be used. What is here the site can use also when the hub cannot be
 * asked who may read it; for everybody else it is refused then, unless it may be given out unasked.
 * That the hub says no holds all the same. Safe for concurrent use.
 */
public final class SnapshotUse {
  private static final int TRIES = 3;

  private final Snapshots snapshots;
  private final PullWork work;
  private final Wish wish;
  private final RepoId repo;
  private final Files files;

  /** The one in which the files were asked for: what came of that is kept in no other. */
  private final long tenure;

  /** What is wanted, and for whom. {@code ofSite}: for the site, else for everybody. */
  record Wish(RepoId repo, Revision revision, Caller caller, boolean ofSite) {
    /** Throws where nobody knows who may read it, since the hub is {@code away}. */
    void requireReaders(Snapshots snapshots, LarderException away) {
      if (!ofSite && !snapshots.mayServeUnasked(repo)) {
        throw MirrorException.RightsUnknown.ofReaders(repo, away);
      }
    }
  }

  /**
   * What a revision holds. {@code complete}: all that it holds, so that the listing can be written
   * down; else what of it is here.
   */
  record Files(Commit commit, List<ListedFile> listed, boolean complete) {}

  SnapshotUse(Snapshots snapshots, PullWork work, Wish wish, Files files, long tenure) {
    this.snapshots = snapshots;
    this.work = work;
    this.wish = wish;
    this.repo = wish.repo();
    this.files = files;
    this.tenure = tenure;
  }

  public Commit commit() {
    return files.commit();
  }

  /**
   * By path, with their sizes; -1 where the hub names none. Names that cannot be kept are left out.
   */
  public SequencedMap<String, Long> files() {
    SequencedMap<String, Long> sizes = new TreeMap<>();
    files.listed().stream()
        .filter(file -> file.path().isOrdinary())
        .forEach(file -> sizes.put(file.path().value(), file.sizeBytes()));
    return sizes;
  }

  /**
   * Returns when all of them are here and verified, and, unless the hub could not be asked, ref and
   * listing are written. Throws {@link MirrorException.NotThere} for a path that the commit lacks.
   */
  public void bring(Collection<String> paths, PullListener listener) {
    List<ListedFile> wanted = paths.stream().distinct().map(this::listed).toList();
    listener.planned(wanted.stream().map(this::planned).toList());
    if (wanted.isEmpty()) {
      return;
    }
    try {
      fetch(wanted, listener);
    } catch (UpstreamException | MirrorException.OfflineMiss | MirrorException.RightsUnknown away) {
      wish.requireReaders(snapshots, away);
      if (!wanted.stream().allMatch(this::isHere)) {
        throw away;
      }
      wanted.forEach(file -> listener.done(planned(file)));
    }
  }

  private void fetch(List<ListedFile> wanted, PullListener listener) {
    snapshots.learnListing(repo, commit(), wanted, tenure);
    PullPlan plan = new PullPlan(commit(), wanted, List.of());
    try (var _ = snapshots.pulling(repo, commit())) {
      List<PulledFile> _ = work.fetchAll(repo, wish.caller(), plan, listener);
    }
    if (files.complete()) {
      snapshots.during(
          repo, tenure, () -> snapshots.completed(repo, wish.revision(), commit(), files.listed()));
    }
  }

  /**
   * Holds the bytes of a file that was brought: they stay until the lease is closed. Brings it
   * again when it went meanwhile.
   */
  public BlobLease hold(String path) {
    ListedFile file = listed(path);
    for (int tries = 1; ; tries++) {
      Optional<BlobLease> lease = snapshots.lease(repo, commit(), file);
      if (lease.isPresent()) {
        return lease.get();
      }
      if (tries == TRIES) {
        throw new MirrorException.NotThere(
            "Tried to hold %s of %s, but each time it was removed or damaged as soon as it was here; look for who does that, as by 'larder why %s'."
                .formatted(path, repo, repo));
      }
      bring(List.of(path), PullListener.NONE);
    }
  }

  private ListedFile listed(String path) {
    return files.listed().stream()
        .filter(file -> file.path().value().equals(path))
        .findFirst()
        .orElseThrow(
            () ->
                new MirrorException.NotThere(
                    "%s@%s has no %s.".formatted(repo, wish.revision(), new EntryPath(path))));
  }

  private boolean isHere(ListedFile file) {
    return snapshots.holds(repo, commit(), file);
  }

  private PulledFile planned(ListedFile file) {
    return new PulledFile(
        file.path(),
        file.sizeBytes(),
        isHere(file) ? PulledFile.State.CACHED : PulledFile.State.MISSING);
  }
}
