package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.RemoteContent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts hits, misses and bytes in memory; {@link #flush} adds them to the catalog. Counting takes
 * no lock and asks no database.
 */
public final class Traffic {
  /** Where requests are counted that the hub refused, whatever name they gave. */
  static final String REFUSED = "(refused)";

  private static final String SOURCE = "hf";

  private final Catalog catalog;
  private final InstantSource clock;
  private final Map<RepoId, Counters> counters = new ConcurrentHashMap<>();
  private final Counters refused = new Counters();
  private final Map<Used, Instant> uses = new ConcurrentHashMap<>();

  private record Used(RepoId repo, Digest digest) {}

  private static final class Counters {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final LongAdder upstream = new LongAdder();

    TrafficRow take(Instant day, String name) {
      return new TrafficRow(
          day,
          SOURCE,
          name,
          hits.sumThenReset(),
          misses.sumThenReset(),
          served.sumThenReset(),
          upstream.sumThenReset());
    }

    void giveBack(TrafficRow row) {
      hits.add(row.hits());
      misses.add(row.misses());
      served.add(row.servedBytes());
      upstream.add(row.upstreamBytes());
    }
  }

  public Traffic(Catalog catalog, InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
  }

  void hit(RepoId repo) {
    of(repo).hits.increment();
  }

  void miss(RepoId repo) {
    of(repo).misses.increment();
  }

  /** Under one name for all: what was refused can be made up. */
  void refused() {
    refused.misses.increment();
  }

  /** Takes how many bytes a client was sent. */
  LongConsumer served(RepoId repo) {
    return of(repo).served::add;
  }

  void used(RepoId repo, Digest digest) {
    uses.put(new Used(repo, digest), clock.instant());
  }

  private Counters of(RepoId repo) {
    Counters present = counters.get(repo);
    return present != null ? present : counters.computeIfAbsent(repo, _ -> new Counters());
  }

  /** {@code content}, with every byte it brings counted for {@code repo}. */
  RemoteContent counting(RepoId repo, RemoteContent content) {
    return new CountedContent(content, of(repo).upstream);
  }

  private record CountedContent(RemoteContent content, LongAdder bytes) implements RemoteContent {
    @Override
    public String description() {
      return content.description();
    }

    @Override
    public Body open(@Nullable ByteRange range, @Nullable String validator, Deadline by) {
      return new CountedBody(content.open(range, validator, by), bytes);
    }
  }

  private record CountedBody(RemoteContent.Body body, LongAdder bytes)
      implements RemoteContent.Body {
    @Override
    public boolean partial() {
      return body.partial();
    }

    @Override
    public long start() {
      return body.start();
    }

    @Override
    public long end() {
      return body.end();
    }

    @Override
    public long totalBytes() {
      return body.totalBytes();
    }

    @Override
    public Optional<String> validator() {
      return body.validator();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int got = body.read(target, offset, length);
      if (got > 0) {
        bytes.add(got);
      }
      return got;
    }

    @Override
    public void close() {
      body.close();
    }
  }

  /**
   * Writes what was counted since the last time; what could not be written is kept for the next
   * time. Blocks; call it every few seconds and once at the end.
   */
  public void flush() {
    flushCounters();
    flushUses();
  }

  private void flushCounters() {
    Instant day = clock.instant().truncatedTo(ChronoUnit.DAYS);
    Map<Counters, TrafficRow> taken = new HashMap<>();
    counters.forEach((repo, c) -> taken.put(c, c.take(day, repo.toString())));
    taken.put(refused, refused.take(day, REFUSED));
    taken.values().removeIf(Traffic::isEmpty);
    if (!taken.isEmpty()) {
      try {
        catalog.addTraffic(taken.values());
      } catch (RuntimeException e) {
        taken.forEach(Counters::giveBack);
        throw e;
      }
    }
  }

  private static boolean isEmpty(TrafficRow row) {
    return row.hits() + row.misses() + row.servedBytes() + row.upstreamBytes() == 0;
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
