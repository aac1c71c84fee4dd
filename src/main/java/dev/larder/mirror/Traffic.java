package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.upstream.RemoteContent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts hits, misses and bytes in memory; {@link #flush} adds them to the catalog. Counting takes
 * no lock and asks no database.
 */
public final class Traffic {
  private static final String SOURCE = "hf";

  private final Catalog catalog;
  private final InstantSource clock;
  private final Map<RepoId, Counters> counters = new ConcurrentHashMap<>();
  private final Map<Used, Instant> uses = new ConcurrentHashMap<>();

  private record Used(RepoId repo, Digest digest) {}

  private static final class Counters {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final LongAdder upstream = new LongAdder();
  }

  public Traffic(Catalog catalog, InstantSource clock) {
    this.catalog = catalog;
    this.clock = clock;
  }

  void hit(RepoId repo, long servedBytes) {
    Counters of = of(repo);
    of.hits.increment();
    of.served.add(servedBytes);
  }

  void miss(RepoId repo, long servedBytes) {
    Counters of = of(repo);
    of.misses.increment();
    of.served.add(servedBytes);
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
    public Body open(@Nullable ByteRange range, @Nullable String validator) {
      return new CountedBody(content.open(range, validator), bytes);
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
   * Writes what was counted since the last time. Blocks; call it every few seconds and once at the
   * end.
   */
  public void flush() {
    List<TrafficRow> rows = new ArrayList<>();
    Instant day = clock.instant().truncatedTo(ChronoUnit.DAYS);
    counters.forEach(
        (repo, c) -> {
          TrafficRow row =
              new TrafficRow(
                  day,
                  SOURCE,
                  repo.toString(),
                  c.hits.sumThenReset(),
                  c.misses.sumThenReset(),
                  c.served.sumThenReset(),
                  c.upstream.sumThenReset());
          if (row.hits() + row.misses() + row.servedBytes() + row.upstreamBytes() > 0) {
            rows.add(row);
          }
        });
    if (!rows.isEmpty()) {
      catalog.addTraffic(rows);
    }
    List<Use> touched = new ArrayList<>();
    uses.forEach(
        (used, at) -> {
          if (uses.remove(used, at)) {
            touched.add(new Use(used.repo(), used.digest(), at));
          }
        });
    if (!touched.isEmpty()) {
      catalog.touch(touched);
    }
  }
}
