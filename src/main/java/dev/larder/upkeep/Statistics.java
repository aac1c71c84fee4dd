package dev.larder.upkeep;

import dev.larder.access.Tokens;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.Counts;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the catalog has counted. */
public final class Statistics {
  private Statistics() {}

  /** {@code tokens}: accounts are called by their names. */
  public static StatsReport since(Catalog catalog, Tokens tokens, Optional<Instant> since) {
    Instant from = since.orElse(Instant.EPOCH);
    Callers callers = Callers.of(tokens);
    return new StatsReport(
        since,
        rows(catalog.traffic(TrafficOf.REPO, from), TrafficRow::name),
        List.of(),
        rows(catalog.traffic(TrafficOf.CALLER, from), row -> callers.name(row.name())),
        rows(catalog.trafficByDay(from), Statistics::day));
  }

  private static String day(TrafficRow row) {
    return row.day().atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  private static List<StatsReport.Traffic> rows(
      List<TrafficRow> rows, Function<TrafficRow, String> name) {
    return rows.stream().map(row -> traffic(row, name.apply(row))).toList();
  }

  private static StatsReport.Traffic traffic(TrafficRow row, String name) {
    Counts counts = row.counts();
    return new StatsReport.Traffic(
        row.source(),
        name,
        counts.hits(),
        counts.misses(),
        counts.servedBytes(),
        counts.upstreamBytes(),
        counts.joined(),
        counts.stale(),
        counts.bypassed(),
        counts.upstreamMillis());
  }
}
