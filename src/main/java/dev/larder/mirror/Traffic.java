package dev.larder.mirror;

import dev.larder.access.Principal;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.mirror.Tallies.Taken;
import dev.larder.upstream.RemoteContent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Counts hits, misses and bytes in memory; {@link #flush} adds them to the catalog. Counting takes
 * no lock and asks no database.
 */
public final class Traffic {
  /** Where requests are counted that the hub refused, whatever name they gave. */
  static final String REFUSED = "(refused)";

  /** Where answers are counted that are passed on, whatever they are about. */
  static final String PASSED = "(passed)";

  /** The source of all that comes from a hub. */
  public static final String SOURCE = "hf";

  private static final int MOST_REPOS = 10_000;

  /** A token can be made up as easily as a name. */
  private static final int MOST_CALLERS = 1_000;

  /** Older days are not told apart, nor are who came then with a token of the hub or none of it. */
  private static final Duration DAYS_KEPT = Duration.ofDays(90);

  private final Catalog catalog;
  private final InstantSource clock;
  private final Tallies<RepoId> repos = new Tallies<>(MOST_REPOS, RepoId::toString);
  private final Tallies<Principal> callers = new Tallies<>(MOST_CALLERS, Principal::scope);

  // Beside the callers too, so that both ways to tell requests apart have the same sum.
  private final List<Tally> refused = ofEach();
  private final List<Tally> passed = ofEach();
  private final Map<Used, Instant> uses = new ConcurrentHashMap<>();

  private final Decisions decisions;

  // Guarded by this.
  private Instant written = Instant.EPOCH;
  private Instant folded = Instant.EPOCH;

  private record Used(RepoId repo, Digest digest) {}

  /** By the ordinal of {@link TrafficOf}. */
  private static List<Tally> ofEach() {
    return List.of(new Tally(), new Tally());
  }

  public Traffic(Catalog catalog, InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
    decisions = new Decisions(catalog, clock);
  }

  /** An answer to {@code request} that came about by {@code state}. */
  void count(EntryRequest request, CacheState state) {
    repos.of(request.repo()).count(state);
    callers.of(request.caller().principal()).count(state);
  }

  /** Under one name for all: what was refused can be made up. */
  void refused() {
    refused.forEach(tally -> tally.misses.increment());
  }

  /** Under one name for all, as what was refused is. */
  void passed() {
    passed.forEach(tally -> tally.misses.increment());
  }

  /** Bytes that came and went on at once. */
  void passed(long bytes) {
    for (Tally tally : passed) {
      tally.upstream.add(bytes);
      tally.served.add(bytes);
    }
  }

  /** Takes how many bytes a client was sent. */
  LongConsumer served(EntryRequest request) {
    Tally repo = repos.of(request.repo());
    Tally caller = callers.of(request.caller().principal());
    return bytes -> {
      repo.served.add(bytes);
      caller.served.add(bytes);
    };
  }

  /** What is written down beside the counters. */
  Decisions decisions() {
    return decisions;
  }

  void used(RepoId repo, Digest digest) {
    uses.put(new Used(repo, digest), clock.instant());
  }

  /** {@code content}, with every byte it brings counted for who asked first, and for the repo. */
  RemoteContent counting(EntryRequest request, RemoteContent content) {
    return new CountedContent(
        content, List.of(repos.of(request.repo()), callers.of(request.caller().principal())));
  }

  /**
   * Writes what was counted since the last time; what could not be written is kept for the next
   * time. Blocks; call it every few seconds and once at the end. One at a time: whoever comes
   * meanwhile waits, so that all that was counted before is written when it returns.
   */
  public synchronized void flush() {
    write(TrafficOf.REPO, repos.take());
    write(TrafficOf.CALLER, callers.take());
    flushUses();
    decisions.flush();
    foldOldDays();
  }

  /** Once a day. */
  private void foldOldDays() {
    Instant day = today();
    if (!written.isBefore(day) && folded.isBefore(day)) {
      String passing = new Principal.Upstream("").scope();
      catalog.foldTraffic(day.minus(DAYS_KEPT), passing, Tallies.OTHERS);
      folded = day;
    }
  }

  private Instant today() {
    return clock.instant().truncatedTo(ChronoUnit.DAYS);
  }

  private void write(TrafficOf what, Map<Tally, Taken> taken) {
    Tally ofRefused = refused.get(what.ordinal());
    Tally ofPassed = passed.get(what.ordinal());
    taken.put(ofRefused, new Taken(REFUSED, ofRefused.take()));
    taken.put(ofPassed, new Taken(PASSED, ofPassed.take()));
    Instant day = today();
    List<TrafficRow> rows =
        taken.values().stream()
            .filter(each -> !each.counts().isEmpty())
            .map(each -> new TrafficRow(day, SOURCE, each.name(), each.counts()))
            .toList();
    if (!rows.isEmpty()) {
      try {
        catalog.addTraffic(what, rows);
        written = day;
      } catch (RuntimeException e) {
        taken.forEach((tally, each) -> tally.giveBack(each.counts()));
        throw e;
      }
    }
  }

  private void flushUses() {
    List<Use> touched = new ArrayList<>();
    uses.forEach(
        (used, at) -> {
          if (uses.remove(used, at)) {
            touched.add(new Use(used.repo(), used.digest(), at));
          }
        });
    if (!touched.isEmpty()) {
      try {
        catalog.touch(touched);
      } catch (RuntimeException e) {
        touched.forEach(use -> uses.putIfAbsent(new Used(use.repo(), use.digest()), use.at()));
        throw e;
      }
    }
  }
}
