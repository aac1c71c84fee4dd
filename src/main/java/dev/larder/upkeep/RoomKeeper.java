package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.content.Sizes;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.Space;
import dev.larder.store.RoomMaker;
import dev.larder.store.StoreLimits;
import dev.larder.upkeep.Survey.Surveyed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store within its limits: makes room for what is waiting, for all of it at once, and in a
 * server also beforehand, from 90 % of the budget down to 80 %. All of it on one thread of its own;
 * nobody who only reads waits for it.
 *
 * <p>For a wish that cannot be met nothing is evicted; only a reader that comes, or a file that
 * cannot be removed, may show that after the first went. Closing lets the blob in hand go and no
 * other.
 */
public final class RoomKeeper implements RoomMaker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoomKeeper.class);

  /** Of a budget: a client's object beyond it evicts nobody. */
  private static final int LARGEST_SHARE = 4;

  /** Looking again at what could not go costs more than it brings. */
  private static final Duration REST = Duration.ofMinutes(1);

  private static final long BESIDES_BYTES = 1 << 20;
  private static final int MOST_ROUNDS = 4;
  private static final String CLOSING = "Larder is shutting down.";

  private final BlobStore store;
  private final Survey survey;
  private final Eviction eviction;
  private final Ballast ballast;
  private final Runnable refresh;
  private final InstantSource clock;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("larder-eviction").factory());

  /** Guards {@link #waiting}. */
  private final Object lock = new Object();

  private final List<Demand> waiting = new ArrayList<>();
  private final AtomicBoolean sweepDue = new AtomicBoolean();
  private volatile boolean begun;
  private volatile boolean ahead;
  private volatile boolean closed;
  private volatile long restUntilNanos = System.nanoTime();

  private record Demand(Need need, CompletableFuture<Optional<String>> answer) {}

  /**
   * What it works with. {@code pulling}: snapshots that are being brought just now. {@code refresh}
   * runs before it looks: what is counted in memory is written down.
   */
  public record Parts(
      BlobStore store,
      HubTree tree,
      Catalog catalog,
      BlobRemoval removal,
      Ballast ballast,
      Supplier<Set<Snapshot>> pulling,
      Runnable refresh,
      InstantSource clock) {}

  public RoomKeeper(Parts parts) {
    this.store = parts.store();
    this.survey = new Survey(parts.store(), parts.tree(), parts.catalog(), parts.pulling());
    this.eviction = new Eviction(parts.removal(), parts.catalog(), parts.ballast(), parts.clock());
    this.ballast = parts.ballast();
    this.refresh = parts.refresh();
    this.clock = parts.clock();
  }

  /**
   * From now on it knows what is here, and makes room; {@code server}: also beforehand, and with a
   * ballast.
   */
  public void begin(boolean server) {
    ahead = server;
    begun = true;
    if (server) {
      execute(() -> ballast.load(store.limits().minFreeBytes()));
      grew();
    }
  }

  @Override
  public void grew() {
    if (ahead
        && highMark().filter(mark -> usedBytes() > mark).isPresent()
        && System.nanoTime() - restUntilNanos >= 0
        && sweepDue.compareAndSet(false, true)) {
      execute(this::sweep);
    }
  }

  private Optional<Long> highMark() {
    long budget = store.limits().maxSizeBytes();
    return budget == Long.MAX_VALUE ? Optional.empty() : Optional.of(budget / 10 * 9);
  }

  private long usedBytes() {
    Space space = store.space();
    return space.storedBytes() + space.reservedBytes();
  }

  private void sweep() {
    sweepDue.set(false);
    long goal = store.limits().maxSizeBytes() / 10 * 8;
    long surplus = usedBytes() - goal;
    if (surplus <= 0 || highMark().filter(mark -> usedBytes() > mark).isEmpty()) {
      return;
    }
    long freed =
        evict(surplus, "the store's use to fall to 80 % of its budget", false).freedBytes();
    if (freed < surplus) {
      restUntilNanos = System.nanoTime() + REST.toNanos();
      LOG.atInfo()
          .addKeyValue("event", "evict.short")
          .log("Not as much could be evicted as was to be; looking again in a minute");
    }
  }

  @Override
  public Optional<String> makeRoom(Need need, Duration within) {
    if (!begun) {
      return Optional.of("The catalog is being rebuilt; nothing is evicted until that is done.");
    }
    Optional<String> refusal = tooLarge(need);
    if (refusal.isPresent()) {
      return refusal;
    }
    Demand demand = new Demand(need, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(demand);
    }
    execute(this::serve);
    try {
      return demand.answer().get(Math.max(0, within.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return Optional.of("Room is being made; it was not there in time.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("Waiting for room was interrupted.");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private Optional<String> tooLarge(Need need) {
    Space space = store.space();
    StoreLimits limits = store.limits();
    long usable = space.storedBytes() + Math.max(0, space.freeBytes() - limits.minFreeBytes());
    long budget = Math.min(limits.maxSizeBytes(), usable);
    if (need.insists() || need.sizeBytes() <= budget / LARGEST_SHARE) {
      return Optional.empty();
    }
    return Optional.of(
        "It is more than a quarter of %s, so nothing is evicted for it; 'larder pull' may."
            .formatted(Sizes.format(budget)));
  }

  private void execute(Runnable work) {
    try {
      worker.execute(() -> attempt(work));
    } catch (RejectedExecutionException _) {
      // It is closing: who waits is told so.
      takeWaiting().forEach(each -> each.answer().complete(Optional.of(CLOSING)));
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (LarderException e) {
      LOG.atWarn().addKeyValue("code", e.code()).log("no room was made: {}", e.explanation());
    } catch (RuntimeException | Error e) {
      LOG.atError().setCause(e).log("making room broke off");
    }
  }

  private List<Demand> takeWaiting() {
    synchronized (lock) {
      List<Demand> taken = new ArrayList<>(waiting);
      waiting.clear();
      return taken;
    }
  }

  private void serve() {
    List<Demand> demands = takeWaiting();
    try {
      serve(demands);
    } catch (RuntimeException | Error e) {
      demands.forEach(each -> each.answer().completeExceptionally(e));
      throw e;
    } finally {
      grew();
    }
  }

  /** The largest gives way when there is not enough for all. */
  private void serve(List<Demand> demands) {
    demands.sort(Comparator.comparingLong(each -> each.need().sizeBytes()));
    while (!demands.isEmpty()) {
      long bytes = bytes(demands, _ -> true);
      long wanted = Math.max(store.missing(bytes) + besides(bytes), bytes(demands, Need::diskFull));
      Result result = evict(wanted, words(demands), true);
      if (result.freedBytes() >= wanted) {
        demands.forEach(each -> each.answer().complete(Optional.empty()));
        return;
      }
      demands.removeLast().answer().complete(Optional.of(result.holders()));
    }
  }

  /** On a full disk: for the names, journals and rows that come with the bytes. */
  private long besides(long bytes) {
    long usable = store.space().freeBytes() - store.limits().minFreeBytes();
    return usable < bytes ? BESIDES_BYTES : 0;
  }

  private static long bytes(List<Demand> demands, Predicate<Need> which) {
    return demands.stream().map(Demand::need).filter(which).mapToLong(Need::sizeBytes).sum();
  }

  private static String words(List<Demand> demands) {
    String largest = demands.getLast().need().what();
    return demands.size() == 1 ? largest : largest + " and " + (demands.size() - 1) + " more";
  }

  private record Result(long freedBytes, String holders) {}

  /**
   * Plans, carries out, and plans again with what turned out to stay. {@code whole}: less than
   * {@code wanted} is of no use.
   */
  private Result evict(long wanted, String roomFor, boolean whole) {
    refreshed();
    Map<Digest, Hold> stays = new HashMap<>();
    long freed = 0;
    String holders = CLOSING;
    for (int round = 0; round < MOST_ROUNDS && freed < wanted && !closed; round++) {
      Instant now = clock.instant();
      Map<Digest, Surveyed> found = new HashMap<>();
      survey.at(now).forEach(each -> found.put(each.candidate().digest(), each));
      EvictionPlan plan = plan(found.values(), stays, wanted - freed, whole, now);
      holders = Holders.sentence(plan, store.space(), store.limits());
      if (plan.victims().isEmpty() || (whole && !plan.enough())) {
        break;
      }
      for (Candidate victim : plan.victims()) {
        if (closed) {
          return new Result(freed, CLOSING);
        }
        List<NeedRow> needs = needs(found, victim);
        Eviction.Outcome outcome = eviction.evict(victim, needs, roomFor);
        freed += outcome.freedBytes();
        outcome.stays().ifPresent(why -> stays.put(victim.digest(), why));
      }
    }
    return new Result(freed, holders);
  }

  /**
   * A plan none of whose victims turns out to be somebody else's, as far as can be seen before the
   * first goes. Looks at the files of those that it means to take, and at no others.
   */
  private EvictionPlan plan(
      Collection<Surveyed> found,
      Map<Digest, Hold> stays,
      long wanted,
      boolean whole,
      Instant now) {
    Set<Digest> looked = new HashSet<>();
    while (true) {
      EvictionPlan plan =
          EvictionPlan.of(
              found.stream().map(each -> held(each.candidate(), stays)).toList(), wanted, now);
      boolean carriedOut = plan.enough() || !whole;
      int before = stays.size();
      for (Candidate victim : carriedOut ? plan.victims() : List.<Candidate>of()) {
        if (!closed && looked.add(victim.digest())) {
          eviction.stays(victim).ifPresent(why -> stays.put(victim.digest(), why));
        }
      }
      if (stays.size() == before) {
        return plan;
      }
    }
  }

  /** What cannot be written down on a full disk only makes the plan a little older. */
  private void refreshed() {
    try {
      refresh.run();
    } catch (LarderException e) {
      LOG.atDebug().addKeyValue("code", e.code()).log("planning without the latest uses");
    }
  }

  private static List<NeedRow> needs(Map<Digest, Surveyed> found, Candidate victim) {
    Surveyed surveyed = found.get(victim.digest());
    return surveyed == null ? List.of() : surveyed.needs();
  }

  private static Candidate held(Candidate candidate, Map<Digest, Hold> stays) {
    Hold why = stays.get(candidate.digest());
    return why == null ? candidate : candidate.held(why);
  }

  @Override
  public void close() {
    closed = true;
    takeWaiting().forEach(each -> each.answer().complete(Optional.of(CLOSING)));
    worker.close();
  }
}
