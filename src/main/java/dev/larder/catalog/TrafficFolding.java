package dev.larder.catalog;

import dev.larder.catalog.Catalog.TrafficOf;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.Update;

/**
 * Makes one row of what was counted in {@link #DAYS} days: counters would grow for as long as a
 * Larder runs. Sums stay what they are. Names of tables and columns are the code's own.
 *
 * @param beforeDay days before it, since 1970
 * @param passing how names begin of callers that are not told apart so long afterwards
 * @param together under which name they are counted then
 */
record TrafficFolding(long beforeDay, String passing, String together) {
  private static final int DAYS = 30;

  /** Adds to the row that is there. */
  static final String ON_CONFLICT =
      """
      ON CONFLICT (day, source, %2$s) DO UPDATE SET
        hits = %1$s.hits + excluded.hits,
        misses = %1$s.misses + excluded.misses,
        served_bytes = %1$s.served_bytes + excluded.served_bytes,
        upstream_bytes = %1$s.upstream_bytes + excluded.upstream_bytes,
        joined = %1$s.joined + excluded.joined,
        stale = %1$s.stale + excluded.stale,
        bypassed = %1$s.bypassed + excluded.bypassed,
        upstream_millis = %1$s.upstream_millis + excluded.upstream_millis
      """;

  void of(TrafficOf what, Handle handle) {
    boolean callers = what == TrafficOf.CALLER;
    String table = UseTable.table(what);
    String column = UseTable.column(what);
    String old = callers ? "(day % :days <> 0 OR caller LIKE :passing)" : "day % :days <> 0";
    String name =
        callers ? "CASE WHEN caller LIKE :passing THEN :together ELSE caller END" : column;
    int _ =
        update(
                handle,
                """
                INSERT INTO %1$s
                  (day, source, %2$s, hits, misses, served_bytes, upstream_bytes, joined, stale,
                   bypassed, upstream_millis)
                SELECT day - day %% :days AS first, source, %3$s AS name, SUM(hits), SUM(misses),
                  SUM(served_bytes), SUM(upstream_bytes), SUM(joined), SUM(stale), SUM(bypassed),
                  SUM(upstream_millis)
                FROM %1$s WHERE day < :before AND %4$s GROUP BY first, source, name
                """
                    .concat(ON_CONFLICT)
                    .formatted(table, column, name, old))
            .execute();
    int _ =
        update(handle, "DELETE FROM %s WHERE day < :before AND %s".formatted(table, old)).execute();
  }

  private Update update(Handle handle, String statement) {
    return handle
        .createUpdate(statement)
        .configure(SqlStatements.class, config -> config.setUnusedBindingAllowed(true))
        .bind("before", beforeDay)
        .bind("days", DAYS)
        .bind("passing", passing + "%")
        .bind("together", together);
  }
}
