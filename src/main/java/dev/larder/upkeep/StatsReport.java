package dev.larder.upkeep;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Traffic since a time, or since ever, per repo or other object. */
public record StatsReport(Optional<Instant> since, List<Traffic> rows) {
  public StatsReport {
    rows = List.copyOf(rows);
  }

  /** {@code source} is the protocol, such as {@code hf}. */
  public record Traffic(
      String source, String object, long hits, long misses, long servedBytes, long upstreamBytes) {
    Traffic plus(Traffic other) {
      return new Traffic(
          source,
          object,
          hits + other.hits,
          misses + other.misses,
          servedBytes + other.servedBytes,
          upstreamBytes + other.upstreamBytes);
    }
  }

  /** All rows added up. */
  public Traffic total() {
    return rows.stream().reduce(new Traffic("", "", 0, 0, 0, 0), Traffic::plus);
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
                    .reduce(new Traffic(source, "", 0, 0, 0, 0), Traffic::plus))
        .toList();
  }
}
