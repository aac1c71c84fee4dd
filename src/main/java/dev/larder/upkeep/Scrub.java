package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CheckRows;
import dev.larder.catalog.CheckRows.ScrubRow;
import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.StoredBlob;
import dev.larder.upkeep.Verifier.Refetch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes a part of the store each night, what was checked longest ago first, so that in a month
 * every blob had its turn; slowly, and not while the site waits for downloads. What is damaged is
 * quarantined and fetched again, as {@code verify --repair} does; what could not be fetched is
 * tried again in the next night. How far it is stands in the catalog, blob by blob. One thread runs
 * it; {@link #status} is for any.
 */
public final class Scrub {
  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

  /** How long it waits for a site that downloads without a break, before it goes on. */
  private static final Duration MOST_GIVEN_WAY = Duration.ofMinutes(10);

  private static final Duration GIVEN_WAY = Duration.ofSeconds(1);

  private final BlobStore store;
  private final CheckRows checks;
  private final Inspector inspector;
  private final ScrubSettings settings;
  private final InstantSource clock;
  private final Breath breath;
  private final BooleanSupplier busy;
  private final AtomicBoolean running = new AtomicBoolean();

  /** Everything ends: the blob that is being hashed begins anew the next time. */
  private static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cut() {
      super(null, null, false, false);
    }
  }

  /** {@code busy}: whether the site waits for downloads. */
  public Scrub(
      BlobStore store,
      HubTree tree,
      Catalog catalog,
      Refetch refetch,
      ScrubSettings settings,
      InstantSource clock,
      Breath breath,
      BooleanSupplier busy) {
    this.store = store;
    this.checks = catalog.checks();
    this.inspector =
        new Inspector(store, catalog, refetch, new Mending(store, tree, catalog, refetch), true);
    this.settings = settings;
    this.clock = clock;
    this.breath = breath;
    this.busy = busy;
  }

  /** Hashes this night's part when its time has come. To be called again and again. */
  public void runWhenDue() {
    LocalTime hour = settings.at().orElse(null);
    if (hour == null) {
      return;
    }
    Instant now = clock.instant();
    ScrubRow last = checks.lastScrub().orElse(null);
    if (last == null) {
      // A store that nobody ever scrubbed begins with its first night.
      checks.putScrub(new ScrubRow(now, Optional.of(now), 0, 0, 0, 0, 0));
    } else if (ScrubPlan.due(last, now, hour, settings.zone())) {
      run(ScrubPlan.unfinished(last, now) ? last : ScrubPlan.begin(now, bytes(store.list())));
    }
  }

  private void run(ScrubRow begun) {
    running.set(true);
    checks.putScrub(begun);
    try {
      ScrubRow row = refetchLost(begun);
      Map<Digest, Instant> checked = new HashMap<>(checks.checked());
      for (StoredBlob blob : ScrubPlan.inTurn(noted(checked), checked)) {
        if (ScrubPlan.enough(row, checked.getOrDefault(blob.digest(), row.begunAt()))) {
          break;
        }
        row = check(blob, row);
      }
      end(row);
    } catch (Cut _) {
      LOG.debug("the scrub is cut and goes on at the next start");
    } finally {
      running.set(false);
    }
  }

  private void end(ScrubRow row) {
    checks.putScrub(
        new ScrubRow(
            row.begunAt(),
            Optional.of(clock.instant()),
            row.shareBytes(),
            row.blobs(),
            row.bytes(),
            row.found(),
            row.repaired()));
    long stored = bytes(store.list());
    LOG.atInfo()
        .addKeyValue("blobs", row.blobs())
        .addKeyValue("bytes", row.bytes())
        .addKeyValue("found", row.found())
        .addKeyValue("repaired", row.repaired())
        .log("The store was scrubbed");
    long days = ScrubPlan.cycleDays(stored, settings.rateBytes());
    if (days > ScrubPlan.NIGHTS) {
      LOG.warn(
          "At this rate a blob is looked at every {} days only; raise LARDER_SCRUB_RATE", days);
    }
  }

  /**
   * All blobs. Notes those that are new, which were hashed as they came in; forgets what is gone.
   */
  private List<StoredBlob> noted(Map<Digest, Instant> checked) {
    List<StoredBlob> blobs = store.list();
    Set<Digest> gone = new HashSet<>(checked.keySet());
    Set<Digest> unknown = new HashSet<>();
    for (StoredBlob blob : blobs) {
      if (!gone.remove(blob.digest())) {
        unknown.add(blob.digest());
      }
    }
    checks.forgetChecked(gone);
    checks.putChecked(unknown, clock.instant());
    unknown.forEach(digest -> checked.put(digest, clock.instant()));
    return blobs;
  }

  /** A hub that was away in an earlier night may be there by now. */
  private ScrubRow refetchLost(ScrubRow begun) {
    ScrubRow row = begun;
    for (Digest lost : checks.lost()) {
      row = counted(row, 0, inspected(new StoredBlob(lost, 0)));
    }
    return row;
  }

  private ScrubRow check(StoredBlob blob, ScrubRow row) {
    giveWay();
    Optional<Finding> finding = inspected(blob);
    // What could not be read is no part of the share: it may be so every night.
    boolean unread = finding.filter(found -> found.kind() == Finding.Kind.UNREADABLE).isPresent();
    ScrubRow now = counted(row, unread ? 0 : blob.sizeBytes(), finding);
    if (finding.isEmpty() || finding.get().repaired()) {
      checks.putChecked(Set.of(blob.digest()), clock.instant());
    }
    checks.putScrub(now);
    return now;
  }

  private Optional<Finding> inspected(StoredBlob blob) {
    Optional<Finding> finding;
    try {
      finding = inspector.inspect(blob, new Pace()::moved);
    } catch (LarderException e) {
      String detail = "it could not be checked: " + e.explanation();
      String name = blob.digest().toString();
      finding =
          Optional.of(new Finding(Finding.Kind.UNREADABLE, name, detail, Finding.Outcome.LEFT));
    }
    if (!breath.take(Duration.ZERO)) {
      // What could not be read or fetched may be so only because everything ends.
      throw new Cut();
    }
    finding.ifPresent(Scrub::log);
    return finding;
  }

  private static void log(Finding finding) {
    LOG.atWarn()
        .addKeyValue("kind", finding.kind())
        .addKeyValue("subject", finding.subject())
        .addKeyValue("outcome", finding.outcome())
        .log("The scrub found: {}", finding.detail());
  }

  private static ScrubRow counted(ScrubRow row, long bytes, Optional<Finding> finding) {
    return new ScrubRow(
        row.begunAt(),
        row.endedAt(),
        row.shareBytes(),
        row.blobs() + (bytes > 0 ? 1 : 0),
        row.bytes() + bytes,
        row.found() + (finding.isPresent() ? 1 : 0),
        row.repaired() + finding.filter(Finding::repaired).stream().count());
  }

  private void giveWay() {
    Instant most = clock.instant().plus(MOST_GIVEN_WAY);
    while (busy.getAsBoolean() && clock.instant().isBefore(most)) {
      rest(GIVEN_WAY);
    }
  }

  private void rest(Duration time) {
    if (!breath.take(time)) {
      throw new Cut();
    }
  }

  /** Rests after each step of a hash for as long as the rate asks. */
  private final class Pace {
    private long since = clock.millis();

    void moved(long bytes) {
      long owed = bytes * 1000 / settings.rateBytes();
      long spent = Math.clamp(clock.millis() - since, 0, owed);
      rest(Duration.ofMillis(owed - spent));
      since = clock.millis();
    }
  }

  private static long bytes(List<StoredBlob> blobs) {
    return blobs.stream().mapToLong(StoredBlob::sizeBytes).sum();
  }

  public ScrubStatus status() {
    List<StoredBlob> blobs = store.list();
    Map<Digest, Instant> checked = checks.checked();
    long stored = bytes(blobs);
    return new ScrubStatus(
        running.get(),
        checks.lastScrub().map(Scrub::night),
        settings.at().map(hour -> ScrubPlan.next(clock.instant(), hour, settings.zone())),
        blobs.size(),
        stored,
        checked.values().stream().min(Instant::compareTo),
        ScrubPlan.cycleDays(stored, settings.rateBytes()),
        checks.lost().size(),
        settings.rateBytes());
  }

  private static ScrubStatus.Night night(ScrubRow row) {
    return new ScrubStatus.Night(
        row.begunAt(),
        row.endedAt(),
        row.shareBytes(),
        row.blobs(),
        row.bytes(),
        row.found(),
        row.repaired());
  }
}
