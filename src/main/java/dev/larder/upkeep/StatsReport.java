package dev.larder.upkeep;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Traffic since a time, or since ever, per repo or other object, per caller and per day. {@code
 * limits}: how often upstreams still let themselves be asked, as far as the running process was
 * told.
 */
public record StatsReport(
    Optional<Instant> since,
    List<Traffic> rows,
    List<Limit> limits,
    List<Traffic> callers,
    List<Traffic> days) {
  public StatsReport {
    rows = List.copyOf(rows);
    limits = List.copyOf(limits);
    callers = List.copyOf(callers);
    days = List.copyOf(days);
  }

  public StatsReport(Optional<Instant> since, List<Traffic> rows, List<Limit> limits) {
    this(since, rows, limits, List.of(), List.of());
  }

  /** Without limits: nobody asks an upstream just now. */
  public StatsReport(Optional<Instant> since, List<Traffic> rows) {
    this(since, rows, List.of());
  }

  /**
   * One bucket of an upstream. {@code own}: of a token rather than of anonymous questions. {@code
   * remaining} of {@code quota} questions in a window, empty where it was not told. {@code
   * restSeconds}: nobody asks for so long.
   */
  public record Limit(
      String source,
      String bucket,
      boolean own,
      Optional<Long> remaining,
      Optional<Long> quota,
      Optional<Long> windowSeconds,
      long restSeconds) {}

  /** Several caches as one: what went for the same repo, caller or day is added up. */
  public static StatsReport sum(Optional<Instant> since, List<StatsReport> parts) {
    return new StatsReport(
        since,
        together(parts, StatsReport::rows),
        List.of(),
        together(parts, StatsReport::callers),
        together(parts, StatsReport::days));
  }

  private static List<Traffic> together(
      List<StatsReport> parts, Function<StatsReport, List<Traffic>> of) {
    Map<String, Traffic> rows = new TreeMap<>();
    for (StatsReport part : parts) {
      of.apply(part)
          .forEach(row -> rows.merge(row.source() + " " + row.object(), row, Traffic::plus));
    }
    return List.copyOf(rows.values());
  }

  public StatsReport with(List<Limit> limits) {
    return new StatsReport(since, rows, limits, callers, days);
  }

  /**
   * {@code source} is the protocol, such as {@code hf}; {@code object} a repo, a caller or a day.
   * {@code joined} and {@code bypassed} are part of {@code misses}, {@code stale} of {@code hits}.
   * {@code upstreamMillis}: how long readers waited for upstream bytes, added up.
   */
  public record Traffic(
      String source,
      String object,
      long hits,
      long misses,
      long servedBytes,
      long upstreamBytes,
      long joined,
      long stale,
      long bypassed,
      long upstreamMillis) {
    public Traffic(
        String source,
        String object,
        long hits,
        long misses,
        long servedBytes,
        long upstreamBytes) {
      this(source, object, hits, misses, servedBytes, upstreamBytes, 0, 0, 0, 0);
    }

    static Traffic none(String source) {
      return new Traffic(source, "", 0, 0, 0, 0);
    }

    /** Bytes that were served and did not cross the link to the upstream for it. */
    public long savedBytes() {
      return Math.max(0, servedBytes - upstreamBytes);
    }

    Traffic plus(Traffic other) {
      return new Traffic(
          source,
          object,
          hits + other.hits,
          misses + other.misses,
          servedBytes + other.servedBytes,
          upstreamBytes + other.upstreamBytes,
          joined + other.joined,
          stale + other.stale,
          bypassed + other.bypassed,
          upstreamMillis + other.upstreamMillis);
    }
  }

  /**
   * How long clients would have waited for {@link Traffic#savedBytes}: what one connection to the
   * upstream brought in a second, on the average of the same time. Empty when nothing was fetched.
   */
  public Optional<Duration> savedTime() {
    Traffic total = total();
    return total.upstreamBytes() == 0 || total.upstreamMillis() == 0
        ? Optional.empty()
        : Optional.of(
            Duration.ofSeconds(
                (long)
                    (total.savedBytes()
                        * (total.upstreamMillis() / 1000.0)
                        / total.upstreamBytes())));
  }

  /** All rows added up. */
  public Traffic total() {
    return rows.stream().reduce(Traffic.none(""), Traffic::plus);
  }

  /** Rows of each source added up, in the order in which sources appear. */
  public List<Traffic> bySource() {
    return rows.stream()
        .map(Traffic::source)
        .distinct()
        .map(
            source ->
                rows.stream()
                    .filter(row -> row.source().equals(source))
                    .reduce(Traffic.none(source), Traffic::plus))
        .toList();
  }
}
