package dev.larder.catalog;

import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What was put into the hub tree here. */
final class ShownTable {
  private static final String SHOWN =
      "SELECT repo, commit_id, path, identity, digest, owners FROM shown";

  private final Sql sql;

  ShownTable(Sql sql) {
    this.sql = sql;
  }

  void put(ShownRow row) {
    sql.write(
        "that %s of %s is shown".formatted(row.path(), row.repo()),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO shown (repo, commit_id, path, identity, digest, owners)
                    VALUES (:repo, :commit, :path, :identity, :digest, :owners)
                    ON CONFLICT (repo, commit_id, path) DO UPDATE SET
                      identity = excluded.identity, digest = excluded.digest,
                      owners = excluded.owners
                    """)
                .bind("repo", row.repo().folder())
                .bind("commit", row.commit().hex())
                .bind("path", row.path().value())
                .bind("identity", row.identity().hex())
                .bind("digest", row.digest().hex())
                .bind("owners", row.owners() ? 1 : 0)
                .execute());
  }

  List<ShownRow> of(RepoId repo) {
    return of(repo, " AND owners = 0");
  }

  List<ShownRow> all(RepoId repo) {
    return of(repo, "");
  }

  private List<ShownRow> of(RepoId repo, String which) {
    return sql.read(
        "what is shown of " + repo,
        handle ->
            handle
                .createQuery(SHOWN + " WHERE repo = :repo" + which + " ORDER BY commit_id, path")
                .bind("repo", repo.folder())
                .map((rs, _) -> row(rs))
                .list());
  }

  List<ShownRow> of(Digest digest) {
    return sql.read(
        "where %s is shown".formatted(digest),
        handle ->
            handle
                .createQuery(SHOWN + " WHERE digest = :digest ORDER BY repo, commit_id, path")
                .bind("digest", digest.hex())
                .map((rs, _) -> row(rs))
                .list());
  }

  private static ShownRow row(ResultSet rs) throws SQLException {
    return new ShownRow(
        RepoId.ofFolder(rs.getString(1)),
        new Commit(rs.getString(2)),
        new EntryPath(rs.getString(3)),
        Identity.ofHex(rs.getString(4)),
        new Digest(rs.getString(5)),
        rs.getInt(6) != 0);
  }

  void forget(List<ShownRow> rows) {
    sql.batch(
        "what is not shown any more",
        rows,
        """
        DELETE FROM shown
        WHERE repo = :repo AND commit_id = :commit AND path = :path AND digest = :digest
        """,
        (batch, row) ->
            batch
                .bind("repo", row.repo().folder())
                .bind("commit", row.commit().hex())
                .bind("path", row.path().value())
                .bind("digest", row.digest().hex()));
  }
}
