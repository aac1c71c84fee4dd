package dev.larder.catalog;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jdbi.v3.core.Handle;

/** What a snapshot holds, and the hub's own answers about it. */
final class EntryTable {
  private static final String ENTRY =
      "SELECT repo, commit_id, path, identity, size_bytes, lfs FROM entry";

  /** A statement takes so many at most where SQLite was built with its oldest limit. */
  private static final int MOST_VARIABLES = 900;

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

  Set<RepoId> repos() {
    return sql.read(
        "the repos",
        handle ->
            handle
                .createQuery("SELECT repo FROM entry UNION SELECT repo FROM ref")
                .map((rs, _) -> RepoId.ofFolder(rs.getString(1)))
                .set());
  }

  List<EntryRow> of(RepoId repo) {
    return sql.read(
        "the entries of " + repo,
        handle ->
            handle
                .createQuery(ENTRY + " WHERE repo = :repo ORDER BY commit_id, path")
                .bind("repo", repo.folder())
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

  List<EntryRow> of(RepoId repo, Set<Digest> digests) {
    List<String> wanted = digests.stream().map(Digest::hex).toList();
    return sql.read(
        "entries of %d digests of %s".formatted(wanted.size(), repo),
        handle -> {
          List<EntryRow> found = new ArrayList<>();
          for (int at = 0; at < wanted.size(); at += MOST_VARIABLES) {
            int end = Math.min(wanted.size(), at + MOST_VARIABLES);
            found.addAll(of(handle, repo, wanted.subList(at, end)));
          }
          return found;
        });
  }

  private static List<EntryRow> of(Handle handle, RepoId repo, List<String> digests) {
    return handle
        .createQuery(
            ENTRY
                + " WHERE repo = :repo AND identity IN (<digests>) AND lfs = 1"
                + " ORDER BY commit_id, path")
        .bind("repo", repo.folder())
        .bindList("digests", digests)
        .map((rs, _) -> entryRow(rs))
        .list();
  }

  void put(Collection<EntryRow> rows) {
    sql.batch(
        rows.size() + " entries",
        rows,
        """
        INSERT INTO entry (repo, commit_id, path, identity, size_bytes, lfs)
        VALUES (:repo, :commit, :path, :identity, :size, :lfs)
        ON CONFLICT (repo, commit_id, path) DO UPDATE SET
          identity = excluded.identity, size_bytes = excluded.size_bytes,
          lfs = excluded.lfs
        """,
        (batch, row) ->
            batch
                .bind("repo", row.repo().folder())
                .bind("commit", row.commit().hex())
                .bind("path", row.path().value())
                .bind("identity", row.identity().hex())
                .bind("size", row.sizeBytes())
                .bind("lfs", row.lfs() ? 1 : 0));
  }

  /** Refs too: all that says what the repo holds, in one step. */
  void forget(RepoId repo) {
    sql.write("the contents of " + repo, handle -> forget(handle, repo));
  }

  static void forget(Handle handle, RepoId repo) {
    for (String table : List.of("document", "ref", "entry")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE repo = :repo")
          .bind("repo", repo.folder())
          .execute();
    }
  }

  void forget(RepoId repo, Commit commit) {
    sql.write(
        "commit %s of %s".formatted(commit, repo),
        handle -> {
          handle
              .createUpdate("DELETE FROM document WHERE repo = :repo")
              .bind("repo", repo.folder())
              .execute();
          for (String table : List.of("ref", "entry")) {
            handle
                .createUpdate(
                    "DELETE FROM " + table + " WHERE repo = :repo AND commit_id = :commit")
                .bind("repo", repo.folder())
                .bind("commit", commit.hex())
                .execute();
          }
        });
  }

  Optional<DocumentRow> document(RepoId repo, String name) {
    return sql.read(
        "document %s of %s".formatted(name, repo),
        handle ->
            handle
                .createQuery(
                    """
                    SELECT body, content_type, headers, fetched_at, checksum FROM document
                    WHERE repo = :repo AND name = :name
                    """)
                .bind("repo", repo.folder())
                .bind("name", name)
                .map((rs, _) -> proven(documentRow(repo, name, rs), rs))
                .findOne()
                .flatMap(row -> row));
  }

  private static DocumentRow documentRow(RepoId repo, String name, ResultSet rs)
      throws SQLException {
    return new DocumentRow(
        repo,
        name,
        rs.getBytes(1),
        rs.getString(2),
        rs.getString(3),
        Instant.ofEpochMilli(rs.getLong(4)));
  }

  /** One whose bytes are not those that were written is as good as none: it is asked for again. */
  private static Optional<DocumentRow> proven(DocumentRow row, ResultSet rs) throws SQLException {
    long told = rs.getLong(5);
    return rs.wasNull() || told == checksum(row) ? Optional.of(row) : Optional.empty();
  }

  private static long checksum(DocumentRow row) {
    CRC32C crc = new CRC32C();
    crc.update(row.body());
    crc.update((row.contentType() + "\0" + row.headers()).getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  void putDocument(DocumentRow row) {
    sql.write(
        "document %s of %s".formatted(row.key(), row.repo()),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO document
                      (repo, name, body, content_type, headers, fetched_at, checksum)
                    VALUES (:repo, :name, :body, :type, :headers, :fetched, :checksum)
                    ON CONFLICT (repo, name) DO UPDATE SET
                      body = excluded.body, content_type = excluded.content_type,
                      headers = excluded.headers, fetched_at = excluded.fetched_at,
                      checksum = excluded.checksum
                    """)
                .bind("repo", row.repo().folder())
                .bind("name", row.key())
                .bind("body", row.body())
                .bind("type", row.contentType())
                .bind("headers", row.headers())
                .bind("fetched", Sql.millis(row.fetchedAt()))
                .bind("checksum", checksum(row))
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
