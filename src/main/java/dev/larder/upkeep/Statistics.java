package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import java.time.Instant;
import java.util.Optional;

/** What the catalog has counted. */
public final class Statistics {
  private Statistics() {}

  public static StatsReport since(Catalog catalog, Optional<Instant> since) {
    return new StatsReport(
        since,
        catalog.traffic(since.orElse(Instant.EPOCH)).stream()
            .map(
                row ->
                    new StatsReport.Traffic(
                        row.source(),
                        row.repo(),
                        row.hits(),
                        row.misses(),
                        row.servedBytes(),
                        row.upstreamBytes()))
            .toList());
  }
}
