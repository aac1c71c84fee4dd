package dev.larder.catalog;

import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Counters and last uses, written in batches. */
final class UseTable {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Sql sql;

  UseTable(Sql sql) {
    this.sql = sql;
  }

  void addTraffic(Collection<TrafficRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    sql.write(
        "traffic counters",
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  INSERT INTO traffic
                    (day, source, repo, hits, misses, served_bytes, upstream_bytes)
                  VALUES (:day, :source, :repo, :hits, :misses, :served, :upstream)
                  ON CONFLICT (day, source, repo) DO UPDATE SET
                    hits = traffic.hits + excluded.hits,
                    misses = traffic.misses + excluded.misses,
                    served_bytes = traffic.served_bytes + excluded.served_bytes,
                    upstream_bytes = traffic.upstream_bytes + excluded.upstream_bytes
                  """);
          for (TrafficRow row : rows) {
            batch
                .bind("day", day(row.day()))
                .bind("source", row.source())
                .bind("repo", row.repo())
                .bind("hits", row.hits())
                .bind("misses", row.misses())
                .bind("served", row.servedBytes())
                .bind("upstream", row.upstreamBytes())
                .add();
          }
          batch.execute();
        });
  }

  List<TrafficRow> traffic(Instant since) {
    return sql.read(
        "traffic counters",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT MAX(day), source, repo, SUM(hits), SUM(misses), SUM(served_bytes),
                      SUM(upstream_bytes)
                    FROM traffic WHERE day >= :since GROUP BY source, repo ORDER BY source, repo
                    """)
                .bind("since", day(since))
                .map(
                    (rs, _) ->
                        new TrafficRow(
                            Instant.ofEpochMilli(rs.getLong(1) * DAY_MILLIS),
                            rs.getString(2),
                            rs.getString(3),
                            rs.getLong(4),
                            rs.getLong(5),
                            rs.getLong(6),
                            rs.getLong(7)))
                .list());
  }

  void touch(Collection<Use> uses) {
    if (uses.isEmpty()) {
      return;
    }
    sql.write(
        "last uses",
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  INSERT INTO blob_use (repo, digest, used_at) VALUES (:repo, :digest, :at)
                  ON CONFLICT (repo, digest) DO UPDATE SET used_at = excluded.used_at
                  WHERE excluded.used_at > blob_use.used_at
                  """);
          for (Use use : uses) {
            batch
                .bind("repo", use.repo().folder())
                .bind("digest", use.digest().hex())
                .bind("at", Sql.millis(use.at()))
                .add();
          }
          batch.execute();
        });
  }

  Optional<Instant> lastUsed(RepoId repo) {
    return sql.read(
        "the last use of " + repo,
        handle ->
            handle
                .createQuery(
                    "SELECT used_at FROM blob_use WHERE repo = :repo ORDER BY used_at DESC LIMIT 1")
                .bind("repo", repo.folder())
                .map((rs, _) -> Instant.ofEpochMilli(rs.getLong(1)))
                .findOne());
  }

  private static long day(Instant instant) {
    return Math.floorDiv(Sql.millis(instant), DAY_MILLIS);
  }
}
