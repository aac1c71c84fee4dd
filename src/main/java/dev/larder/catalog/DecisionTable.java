package dev.larder.catalog;

import dev.larder.content.RepoId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** What was decided. */
final class DecisionTable implements DecisionRows {
  private static final String WHAT = "what was decided";
  private static final String COLUMNS =
      "SELECT at, repo, revision, path, commit_id, identity, kind, caller, detail, times FROM"
          + " decision ";
  private static final String ABOUT =
      """
      WHERE repo = :repo
        AND (:revision = '' OR revision IN ('', :revision) OR commit_id = :revision)
        AND (:path = '' OR path IN ('', :path))
      """;
  private static final String AGAIN =
      """
      UPDATE decision SET at = :at, serial = :serial, times = times + :times
      WHERE (at, serial) =
        (SELECT at, serial FROM decision
         WHERE repo = :repo AND path = :path AND kind = :kind AND revision = :revision
           AND commit_id = :commit AND identity = :identity AND caller = :caller
           AND detail = :detail
         ORDER BY at DESC, serial DESC LIMIT 1)
      """;
  private static final String NEW =
      """
      INSERT INTO decision
        (at, serial, repo, revision, path, commit_id, identity, kind, caller, detail, times)
      VALUES
        (:at, :serial, :repo, :revision, :path, :commit, :identity, :kind, :caller, :detail, :times)
      """;
  private static final String REFUSALS = "kind IN ('refused', 'failed')";
  private static final String PASSING = "kind IN ('joined', 'stale')";
  private static final String OTHERS = "kind NOT IN ('refused', 'failed', 'joined', 'stale')";
  private static final String NEWEST = " ORDER BY at DESC, serial DESC LIMIT :most";

  private final Sql sql;

  /** Tells rows of one millisecond apart, also those of an earlier process. */
  private final AtomicLong serial = new AtomicLong(System.nanoTime());

  DecisionTable(Sql sql) {
    this.sql = sql;
  }

  @Override
  public void add(Collection<DecisionRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    sql.write(
        WHAT,
        handle ->
            rows.forEach(
                row -> {
                  if (bound(handle, AGAIN, row).execute() == 0) {
                    int _ = bound(handle, NEW, row).execute();
                  }
                }));
  }

  private Update bound(Handle handle, String statement, DecisionRow row) {
    return handle
        .createUpdate(statement)
        .bind("at", Sql.millis(row.at()))
        .bind("serial", serial.incrementAndGet())
        .bind("repo", row.repo())
        .bind("revision", row.revision())
        .bind("path", row.path())
        .bind("commit", row.commit())
        .bind("identity", row.identity())
        .bind("kind", row.kind())
        .bind("caller", row.caller())
        .bind("detail", row.detail())
        .bind("times", row.times());
  }

  @Override
  public List<DecisionRow> of(RepoId repo, String revision, String path, int most) {
    return sql.read(
        WHAT,
        handle ->
            handle
                .createQuery(COLUMNS + ABOUT + NEWEST)
                .bind("repo", repo.toString())
                .bind("revision", revision)
                .bind("path", path)
                .bind("most", most)
                .map((rs, _) -> row(rs))
                .list());
  }

  @Override
  public List<DecisionRow> ofIdentity(String identity, int most) {
    return sql.read(
        WHAT,
        handle ->
            handle
                .createQuery(COLUMNS + "WHERE identity = :identity" + NEWEST)
                .bind("identity", identity)
                .bind("most", most)
                .map((rs, _) -> row(rs))
                .list());
  }

  private static DecisionRow row(ResultSet rs) throws SQLException {
    return new DecisionRow(
        Instant.ofEpochMilli(rs.getLong(1)),
        rs.getString(2),
        rs.getString(3),
        rs.getString(4),
        rs.getString(5),
        rs.getString(6),
        rs.getString(7),
        rs.getString(8),
        rs.getString(9),
        rs.getLong(10));
  }

  @Override
  public void prune(Instant oldest, Most most) {
    sql.write(
        WHAT,
        handle -> {
          handle
              .createUpdate("DELETE FROM decision WHERE at < :oldest")
              .bind("oldest", Sql.millis(oldest))
              .execute();
          cut(handle, REFUSALS, most.refusals());
          cut(handle, PASSING, most.passing());
          cut(handle, OTHERS, most.others());
        });
  }

  /** From the first one too many; what shares its time goes as well. */
  private static void cut(Handle handle, String which, long most) {
    handle
        .createUpdate(
            """
            DELETE FROM decision WHERE %1$s AND at <=
              (SELECT at FROM decision WHERE %1$s ORDER BY at DESC, serial DESC
               LIMIT 1 OFFSET :most)
            """
                .formatted(which))
        .bind("most", most)
        .execute();
  }
}
