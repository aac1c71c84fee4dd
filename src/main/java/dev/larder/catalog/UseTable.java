package dev.larder.catalog;

import dev.larder.catalog.Catalog.Counts;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.content.RepoId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counters and last uses, written in batches. */
final class UseTable {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Sql sql;

  UseTable(Sql sql) {
    this.sql = sql;
  }

  /** Names of its tables and columns are the code's own. */
  static String table(TrafficOf what) {
    return what == TrafficOf.REPO ? "traffic" : "caller_traffic";
  }

  static String column(TrafficOf what) {
    return what == TrafficOf.REPO ? "repo" : "caller";
  }

  void addTraffic(TrafficOf what, Collection<TrafficRow> rows) {
    sql.batch(
        "traffic counters",
        rows,
        """
        INSERT INTO %1$s
          (day, source, %2$s, hits, misses, served_bytes, upstream_bytes, joined, stale, bypassed,
           upstream_millis)
        VALUES
          (:day, :source, :name, :hits, :misses, :served, :upstream, :joined, :stale, :bypassed,
           :millis)
        """
            .concat(TrafficFolding.ON_CONFLICT)
            .formatted(table(what), column(what)),
        (batch, row) ->
            batch
                .bind("day", day(row.day()))
                .bind("source", row.source())
                .bind("name", row.name())
                .bind("hits", row.counts().hits())
                .bind("misses", row.counts().misses())
                .bind("served", row.counts().servedBytes())
                .bind("upstream", row.counts().upstreamBytes())
                .bind("joined", row.counts().joined())
                .bind("stale", row.counts().stale())
                .bind("bypassed", row.counts().bypassed())
                .bind("millis", row.counts().upstreamMillis()));
  }

  void foldTraffic(Instant before, String passing, String together) {
    TrafficFolding folding = new TrafficFolding(day(before), passing, together);
    sql.write(
        "old traffic counters",
        handle -> {
          folding.of(TrafficOf.REPO, handle);
          folding.of(TrafficOf.CALLER, handle);
        });
  }

  List<TrafficRow> traffic(TrafficOf what, Instant since) {
    String name = column(what);
    return sums("SELECT MAX(day), source, " + name, table(what), "source, " + name, since);
  }

  List<TrafficRow> trafficByDay(Instant since) {
    return sums("SELECT day, source, ''", table(TrafficOf.REPO), "day, source", since);
  }

  private List<TrafficRow> sums(String key, String table, String group, Instant since) {
    return sql.read(
        "traffic counters",
        handle ->
            handle
                .createQuery(
                    """
                    %1$s, SUM(hits), SUM(misses), SUM(served_bytes), SUM(upstream_bytes),
                      SUM(joined), SUM(stale), SUM(bypassed), SUM(upstream_millis)
                    FROM %2$s WHERE day >= :since GROUP BY %3$s ORDER BY %3$s
                    """
                        .formatted(key, table, group))
                .bind("since", day(since))
                .map((rs, _) -> row(rs))
                .list());
  }

  private static TrafficRow row(ResultSet rs) throws SQLException {
    return new TrafficRow(
        Instant.ofEpochMilli(rs.getLong(1) * DAY_MILLIS),
        rs.getString(2),
        rs.getString(3),
        new Counts(
            rs.getLong(4),
            rs.getLong(5),
            rs.getLong(6),
            rs.getLong(7),
            rs.getLong(8),
            rs.getLong(9),
            rs.getLong(10),
            rs.getLong(11)));
  }

  void touch(Collection<Use> uses) {
    sql.batch(
        "last uses",
        uses,
        """
        INSERT INTO blob_use (repo, digest, used_at) VALUES (:repo, :digest, :at)
        ON CONFLICT (repo, digest) DO UPDATE SET used_at = excluded.used_at
        WHERE excluded.used_at > blob_use.used_at
        """,
        (batch, use) ->
            batch
                .bind("repo", use.repo().folder())
                .bind("digest", use.digest().hex())
                .bind("at", Sql.millis(use.at())));
  }

  Map<RepoId, Map<String, Instant>> lastUses() {
    Map<RepoId, Map<String, Instant>> uses = new HashMap<>();
    sql.read(
            "last uses",
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT repo, digest, used_at FROM blob_use
                        UNION ALL
                        SELECT repo, git_id, used_at
                        FROM blob_use JOIN git_pin ON git_pin.digest = blob_use.digest
                        """)
                    .map((rs, _) -> used(rs))
                    .list())
        .forEach(
            used -> {
              Instant _ =
                  uses.computeIfAbsent(used.repo(), _ -> new HashMap<>())
                      .put(used.name(), used.at());
            });
    return uses;
  }

  private record Used(RepoId repo, String name, Instant at) {}

  private static Used used(ResultSet rs) throws SQLException {
    return new Used(
        RepoId.ofFolder(rs.getString(1)), rs.getString(2), Instant.ofEpochMilli(rs.getLong(3)));
  }

  private static long day(Instant instant) {
    return Math.floorDiv(Sql.millis(instant), DAY_MILLIS);
  }
}
