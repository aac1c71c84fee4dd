package dev.larder.catalog;

import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.catalog.SpaceRows.WorthRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a plan of eviction has to know of every blob, in three questions and not in one for each.
 */
final class WorthTable {
  private final Sql sql;

  WorthTable(Sql sql) {
    this.sql = sql;
  }

  List<WorthRow> worths() {
    return sql.read(
        "what blobs are worth",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT blob.digest, size_bytes, changed_nanos, used_at,
                      EXISTS (SELECT 1 FROM shown WHERE shown.digest = blob.digest)
                    FROM blob LEFT JOIN
                      (SELECT digest, MAX(used_at) AS used_at FROM blob_use GROUP BY digest) AS used
                      ON used.digest = blob.digest
                    WHERE state = 'ready'
                    """)
                .map((rs, _) -> worth(rs))
                .list());
  }

  private static WorthRow worth(ResultSet rs) throws SQLException {
    long used = rs.getLong(4);
    Optional<Instant> lastUsed =
        rs.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(used));
    return new WorthRow(
        new Digest(rs.getString(1)), rs.getLong(2), rs.getLong(3), lastUsed, rs.getBoolean(5));
  }

  /** The kinds of identity are joined apart: each by the index of its own. */
  List<NeedRow> needs() {
    return sql.read(
        "who needs the blobs",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT blob.digest, repo, commit_id, path
                    FROM entry JOIN blob ON blob.digest = entry.identity
                    UNION ALL
                    SELECT blob.digest, repo, commit_id, path
                    FROM entry JOIN git_pin ON git_pin.git_id = entry.identity
                      JOIN blob ON blob.digest = git_pin.digest
                    """)
                .map(
                    (rs, _) ->
                        new NeedRow(
                            new Digest(rs.getString(1)),
                            RepoId.ofFolder(rs.getString(2)),
                            new Commit(rs.getString(3)),
                            new EntryPath(rs.getString(4))))
                .list());
  }

  List<RefRow> newestRefs() {
    return sql.read(
        "the newest refs",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT repo, revision, commit_id, confirmed_at FROM (
                      SELECT repo, revision, commit_id, confirmed_at,
                        ROW_NUMBER() OVER
                          (PARTITION BY repo ORDER BY confirmed_at DESC, revision) AS place
                      FROM ref
                    ) AS placed
                    WHERE place = 1
                    """)
                .map(
                    (rs, _) ->
                        new RefRow(
                            RepoId.ofFolder(rs.getString(1)),
                            new Revision(rs.getString(2)),
                            new Commit(rs.getString(3)),
                            Instant.ofEpochMilli(rs.getLong(4))))
                .list());
  }
}
