package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
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
 * The files of one commit, for use by the owner of the cache in this process. Unlike a pull it
 * needs no place in the tree, so a private repo of the site can be used; and what is here can be
 * used also when the hub cannot be asked who may read it. That the hub says no holds all the same.
 * Safe for concurrent use.
 */
public final class SnapshotUse {
  private static final int TRIES = 3;

  private final Snapshots snapshots;
  private final PullWork work;
  private final RepoId repo;
  private final Revision revision;
  private final Caller caller;
  private final Files files;

  /**
   * What a revision holds. {@code complete}: all that it holds, so that the listing can be written
   * down; else what of it is here.
   */
  record Files(Commit commit, List<ListedFile> listed, boolean complete) {}

  SnapshotUse(
      Snapshots snapshots,
      PullWork work,
      RepoId repo,
      Revision revision,
      Caller caller,
      Files files) {
    this.snapshots = snapshots;
    this.work = work;
    this.repo = repo;
    this.revision = revision;
    this.caller = caller;
    this.files = files;
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
      if (!wanted.stream().allMatch(this::isHere)) {
        throw away;
      }
      wanted.forEach(file -> listener.done(planned(file)));
    }
  }

  private void fetch(List<ListedFile> wanted, PullListener listener) {
    snapshots.learnListing(repo, commit(), wanted, snapshots.tenure(repo));
    PullPlan plan = new PullPlan(commit(), wanted, List.of());
    try (var _ = snapshots.pulling(repo, commit())) {
      List<PulledFile> _ = work.fetchAll(repo, caller, plan, listener);
    }
    if (files.complete()) {
      snapshots.completed(repo, revision, commit(), files.listed());
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
                    "%s@%s has no %s.".formatted(repo, revision, new EntryPath(path))));
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
