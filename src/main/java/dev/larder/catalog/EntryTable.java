package dev.larder.catalog;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What a snapshot holds, and the hub's own answers about it. */
final class EntryTable {
  private static final String ENTRY =
      "SELECT repo, commit_id, path, identity, size_bytes, lfs FROM entry";

  private final Sql sql;

  EntryTable(Sql sql) {
    this.sql = sql;
  }

  Optional<EntryRow> find(RepoId repo, Commit commit, EntryPath path) {
    return sql.read(
        "entry %s of %s".formatted(path, repo),
        handle ->
            handle
                .createQuery(ENTRY + " WHERE repo = :repo AND commit_id = :commit AND path = :path")
                .bind("repo", repo.folder())
                .bind("commit", commit.hex())
                .bind("path", path.value())
                .map((rs, _) -> entryRow(rs))
                .findOne());
  }

  List<EntryRow> of(RepoId repo, Commit commit) {
    return sql.read(
        "the entries of " + repo,
        handle ->
            handle
                .createQuery(ENTRY + " WHERE repo = :repo AND commit_id = :commit ORDER BY path")
                .bind("repo", repo.folder())
                .bind("commit", commit.hex())
                .map((rs, _) -> entryRow(rs))
                .list());
  }

  List<EntryRow> of(Digest digest) {
    return sql.read(
        "the entries of " + digest,
        handle ->
            handle
                .createQuery(
                    ENTRY
                        + " WHERE identity = :digest OR identity IN"
                        + " (SELECT git_id FROM git_pin WHERE digest = :digest)"
                        + " ORDER BY repo, commit_id, path")
                .bind("digest", digest.hex())
                .map((rs, _) -> entryRow(rs))
                .list());
  }

  void put(Collection<EntryRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    sql.write(
        rows.size() + " entries",
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  INSERT INTO entry (repo, commit_id, path, identity, size_bytes, lfs)
                  VALUES (:repo, :commit, :path, :identity, :size, :lfs)
                  ON CONFLICT (repo, commit_id, path) DO UPDATE SET
                    identity = excluded.identity, size_bytes = excluded.size_bytes,
                    lfs = excluded.lfs
                  """);
          for (EntryRow row : rows) {
            batch
                .bind("repo", row.repo().folder())
                .bind("commit", row.commit().hex())
                .bind("path", row.path().value())
                .bind("identity", row.identity().hex())
                .bind("size", row.sizeBytes())
                .bind("lfs", row.lfs() ? 1 : 0)
                .add();
          }
          batch.execute();
        });
  }

  Optional<DocumentRow> document(RepoId repo, String name) {
    return sql.read(
        "document %s of %s".formatted(name, repo),
        handle ->
            handle
                .createQuery(
                    """
                    SELECT body, content_type, headers, fetched_at FROM document
                    WHERE repo = :repo AND name = :name
                    """)
                .bind("repo", repo.folder())
                .bind("name", name)
                .map(
                    (rs, _) ->
                        new DocumentRow(
                            repo,
                            name,
                            rs.getBytes(1),
                            rs.getString(2),
                            rs.getString(3),
                            Instant.ofEpochMilli(rs.getLong(4))))
                .findOne());
  }

  void putDocument(DocumentRow row) {
    sql.write(
        "document %s of %s".formatted(row.key(), row.repo()),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO document (repo, name, body, content_type, headers, fetched_at)
                    VALUES (:repo, :name, :body, :type, :headers, :fetched)
                    ON CONFLICT (repo, name) DO UPDATE SET
                      body = excluded.body, content_type = excluded.content_type,
                      headers = excluded.headers, fetched_at = excluded.fetched_at
                    """)
                .bind("repo", row.repo().folder())
                .bind("name", row.key())
                .bind("body", row.body())
                .bind("type", row.contentType())
                .bind("headers", row.headers())
                .bind("fetched", Sql.millis(row.fetchedAt()))
                .execute());
  }

  void pruneDocuments(long count, long bytes) {
    sql.write(
        "the oldest documents",
        handle ->
            handle
                .createUpdate(
                    """
                    DELETE FROM document WHERE (repo, name) IN (
                      SELECT repo, name FROM (
                        SELECT repo, name,
                          ROW_NUMBER() OVER newest AS place,
                          SUM(LENGTH(body)) OVER newest AS bytes
                        FROM document
                        WINDOW newest AS (ORDER BY fetched_at DESC, repo, name)
                      ) AS placed
                      WHERE place > :count OR bytes > :bytes)
                    """)
                .bind("count", count)
                .bind("bytes", bytes)
                .execute());
  }

  private static EntryRow entryRow(ResultSet rs) throws SQLException {
    return new EntryRow(
        RepoId.ofFolder(rs.getString(1)),
        new Commit(rs.getString(2)),
        new EntryPath(rs.getString(3)),
        Identity.ofHex(rs.getString(4)),
        rs.getLong(5),
        rs.getInt(6) != 0);
  }
}
