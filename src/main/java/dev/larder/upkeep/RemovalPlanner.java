package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.FileStat;
import dev.larder.content.Revision;
import dev.larder.hubcache.TreeClearing.SharedBlob;
import dev.larder.upkeep.Holdings.Blob;
import dev.larder.upkeep.Holdings.Ref;
import dev.larder.upkeep.Holdings.Repo;
import dev.larder.upkeep.Holdings.Snapshot;
import dev.larder.upkeep.Holdings.Stored;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Kind;
import dev.larder.upkeep.RemovalPlan.Seen;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalPlan.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides what goes, from what is there and what was asked. Touches nothing. For one plan. */
final class RemovalPlanner {
  /** Of a download: who wrote nothing for a day does not come back for it. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** Of a blob: its link follows it at once. */
  private static final Duration JUST_CAME = Duration.ofSeconds(5);

  private final Holdings holdings;
  private final Pins pins;
  private final Instant now;
  private final Subtraction left;
  private final List<Going> going = new ArrayList<>();
  private final List<Staying> staying = new ArrayList<>();

  RemovalPlanner(Holdings holdings, Pins pins, Instant now) {
    this.holdings = holdings;
    this.pins = pins;
    this.now = now;
    this.left = new Subtraction(holdings);
  }

  /** For these repos and revisions; throws {@link NotCached}. */
  RemovalPlan named(List<VerifyTarget> targets) {
    // A repo that goes whole takes its revisions along, whatever was named first.
    List<VerifyTarget> wholeFirst =
        targets.stream()
            .distinct()
            .sorted(Comparator.comparing(target -> target.revision().isPresent()))
            .toList();
    for (VerifyTarget target : wholeFirst) {
      Repo repo = holdings.repo(target.repo()).orElseThrow(() -> NotCached.toRemove(target));
      if (staysUnread(repo)) {
        continue;
      }
      Optional<Snapshot> snapshot =
          target.revision().map(revision -> meant(repo, revision, target));
      if (!stays(repo, snapshot.map(Snapshot::commit), false)) {
        snapshot.ifPresentOrElse(it -> revision(repo, it, Why.NAMED), () -> whole(repo, Why.NAMED));
      }
    }
    return plan();
  }

  private static Snapshot meant(Repo repo, Revision revision, VerifyTarget target) {
    Optional<Commit> commit =
        revision
            .commit()
            .or(
                () ->
                    repo.refs().stream()
                        .filter(ref -> ref.revision().equals(revision))
                        .map(Ref::commit)
                        .findFirst());
    return commit.flatMap(repo::snapshot).orElseThrow(() -> NotCached.toRemove(target));
  }

  /** For what nothing refers to, and then what the limits ask for. */
  RemovalPlan prune(Pruning limits) {
    holdings.repos().stream().filter(Repo::present).forEach(this::unreferenced);
    holdings.repos().forEach(this::loose);
    boolean allRead = true;
    for (Repo repo : holdings.repos()) {
      allRead &= !staysUnread(repo);
    }
    if (allRead) {
      holdings.shared().stream().filter(Predicate.not(left::isUsed)).forEach(this::shared);
    }
    List<Stored> unneeded = holdings.stored().stream().filter(left::isLoose).toList();
    unneeded.stream().filter(blob -> !blob.isYoung(now)).forEach(this::stored);
    young(unneeded.stream().filter(blob -> blob.isYoung(now)).count());
    limits.olderThan().ifPresent(age -> unused(now.minus(age)));
    limits.maxBytes().ifPresent(this::tooMuch);
    return plan();
  }

  private RemovalPlan plan() {
    return new RemovalPlan(going, staying, going.stream().mapToLong(Going::bytes).sum());
  }

  private void unreferenced(Repo repo) {
    for (Snapshot snapshot : repo.snapshots()) {
      if (!repo.isNamed(snapshot.commit())
          && !repo.isOnlyRemembered(snapshot)
          && !stays(repo, Optional.of(snapshot.commit()), true)) {
        repo.unclearRef()
            .ifPresentOrElse(
                why -> staying.add(new Staying(repo.repo() + "@" + snapshot.commit(), why)),
                () -> revision(repo, snapshot, Why.UNREFERENCED));
      }
    }
  }

  private void loose(Repo repo) {
    Set<String> needed = new LinkedHashSet<>();
    repo.snapshots().stream()
        .filter(snapshot -> left.has(repo, snapshot.commit()))
        .forEach(snapshot -> needed.addAll(snapshot.blobs()));
    for (Blob blob : repo.blobs()) {
      if (blob.unfinished() && older(blob.stat().modifiedNanos(), ABANDONED)) {
        loose(repo, blob, Kind.LEFTOVER, Why.ABANDONED);
      } else if (!blob.unfinished()
          && !needed.contains(blob.name())
          && older(blob.stat().changedNanos(), JUST_CAME)) {
        loose(repo, blob, Kind.BLOB, Why.ORPHANED);
      }
    }
  }

  private boolean older(long nanos, Duration age) {
    return FileStat.time(nanos).isBefore(now.minus(age));
  }

  /** One that went with a snapshot is gone already. */
  private void loose(Repo repo, Blob blob, Kind kind, Why why) {
    if (left.hasBlob(repo, blob) && !stays(repo, Optional.empty(), true)) {
      add(
          new Going(
              kind,
              why,
              Optional.of(repo.repo()),
              Optional.empty(),
              List.of(),
              blob.name(),
              left.blob(repo, blob),
              Optional.empty(),
              Optional.empty()));
    }
  }

  private void shared(SharedBlob blob) {
    if (left.hasShared(blob)) {
      add(nameless(Kind.SHARED_BLOB, blob.name(), left.shared(blob.name())));
    }
  }

  private void young(long count) {
    if (count > 0) {
      staying.add(
          new Staying(
              "",
              "%d %s of the store %s though nothing leads there: what came, or lost a link, within the hour may be about to be needed."
                  .formatted(count, count == 1 ? "blob" : "blobs", count == 1 ? "stays" : "stay")));
    }
  }

  private void stored(Stored blob) {
    if (blob.leased()) {
      staying.add(new Staying("sha256:" + blob.digest().hex(), "it is being read"));
    } else {
      add(nameless(Kind.STORED_BLOB, blob.digest().hex(), left.stored(blob)));
    }
  }

  private static Going nameless(Kind kind, String name, long bytes) {
    return new Going(
        kind,
        Why.ORPHANED,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        name,
        bytes,
        Optional.empty(),
        Optional.empty());
  }

  private void unused(Instant since) {
    for (Repo repo : leastValuableFirst()) {
      if (repo.lastUsed().isBefore(since) && !stays(repo, Optional.empty(), true)) {
        whole(repo, Why.UNUSED);
      }
    }
  }

  private void tooMuch(long maxBytes) {
    long surplus = holdings.bytes() - going.stream().mapToLong(Going::bytes).sum() - maxBytes;
    for (Repo repo : leastValuableFirst()) {
      if (surplus <= 0) {
        return;
      }
      if (!stays(repo, Optional.empty(), true)) {
        surplus -= whole(repo, Why.TOO_MUCH);
      }
    }
  }

  private List<Repo> leastValuableFirst() {
    return holdings.repos().stream()
        .filter(repo -> repo.present() && !left.isEmpty(repo))
        .sorted(Comparator.comparing(RemovalPlanner::worth, Worth.LEAST_FIRST))
        .toList();
  }

  private static Worth worth(Repo repo) {
    long bytes = repo.blobs().stream().mapToLong(blob -> blob.stat().sizeBytes()).sum();
    return new Worth(repo.lastUsed(), bytes);
  }

  /** Notes why. {@code chosen}: nobody named it, so what is being read stays too. */
  private boolean stays(Repo repo, Optional<Commit> commit, boolean chosen) {
    if (staysUnread(repo)) {
      return true;
    }
    Optional<String> why =
        pins.on(repo.repo(), commit)
            .or(
                () ->
                    chosen && isRead(repo, commit)
                        ? Optional.of("is being read")
                        : Optional.empty());
    String subject = repo.repo() + commit.map(it -> "@" + it).orElse("");
    why.ifPresent(it -> note(new Staying(subject, "it " + it)));
    return why.isPresent();
  }

  /** Notes why, where nobody could read what the repo has. */
  private boolean staysUnread(Repo repo) {
    repo.unreadable().ifPresent(why -> note(new Staying(repo.repo().toString(), why)));
    return repo.unreadable().isPresent();
  }

  private void note(Staying stays) {
    if (!staying.contains(stays)) {
      staying.add(stays);
    }
  }

  private boolean isRead(Repo repo, Optional<Commit> commit) {
    Set<?> known = commit.flatMap(repo::snapshot).map(Snapshot::known).orElseGet(repo::known);
    return holdings.stored().stream()
        .anyMatch(blob -> blob.leased() && known.contains(blob.digest()));
  }

  private long whole(Repo repo, Why why) {
    List<Revision> refs = repo.refs().stream().map(Ref::revision).toList();
    long bytes = left.repo(repo);
    return add(
        new Going(
            Kind.REPO,
            why,
            Optional.of(repo.repo()),
            Optional.empty(),
            refs,
            "",
            bytes,
            why == Why.NAMED ? Optional.empty() : Optional.of(seen(repo)),
            Optional.empty()));
  }

  private static Seen seen(Repo repo) {
    return new Seen(repo.lastUsed(), repo.snapshots().stream().map(Snapshot::commit).toList());
  }

  private void revision(Repo repo, Snapshot snapshot, Why why) {
    if (left.has(repo, snapshot.commit())) {
      List<Revision> refs = repo.refsTo(snapshot.commit()).stream().map(Ref::revision).toList();
      long bytes = left.snapshot(repo, snapshot);
      long _ =
          add(
              new Going(
                  Kind.REVISION,
                  why,
                  Optional.of(repo.repo()),
                  Optional.of(snapshot.commit()),
                  refs,
                  "",
                  bytes,
                  Optional.empty(),
                  Optional.empty()));
    }
  }

  private long add(Going step) {
    going.add(Objects.requireNonNull(step));
    return step.bytes();
  }
}
