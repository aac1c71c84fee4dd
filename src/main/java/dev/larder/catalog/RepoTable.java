package dev.larder.catalog;

import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who may read a repo, and what its refs pointed to when the hub was last asked. */
final class RepoTable {
  private static final String REPO =
      "SELECT repo, visibility, checked_at, canonical_name FROM repo";
  private static final String REF = "SELECT repo, revision, commit_id, confirmed_at FROM ref";

  private final Sql sql;

  RepoTable(Sql sql) {
    this.sql = sql;
  }

  Optional<RepoRow> find(RepoId repo) {
    return sql.read(
        "repo " + repo,
        handle ->
            handle
                .createQuery(REPO + " WHERE repo = :repo")
                .bind("repo", repo.folder())
                .map((rs, _) -> repoRow(rs))
                .findOne());
  }

  List<RepoRow> all() {
    return sql.read(
        "the repos",
        handle -> handle.createQuery(REPO + " ORDER BY repo").map((rs, _) -> repoRow(rs)).list());
  }

  void put(RepoRow row) {
    sql.write(
        "repo " + row.repo(),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO repo (repo, visibility, checked_at, canonical_name)
                    VALUES (:repo, :visibility, :checked, :name)
                    ON CONFLICT (repo) DO UPDATE SET
                      visibility = excluded.visibility, checked_at = excluded.checked_at,
                      canonical_name = excluded.canonical_name
                    """)
                .bind("repo", row.repo().folder())
                .bind("visibility", row.visibility().name().toLowerCase(Locale.ROOT))
                .bind("checked", Sql.millis(row.checkedAt()))
                .bind("name", row.canonicalName())
                .execute());
  }

  Optional<RefRow> ref(RepoId repo, Revision revision) {
    return sql.read(
        "ref %s of %s".formatted(revision, repo),
        handle ->
            handle
                .createQuery(REF + " WHERE repo = :repo AND revision = :revision")
                .bind("repo", repo.folder())
                .bind("revision", revision.name())
                .map((rs, _) -> refRow(rs))
                .findOne());
  }

  List<RefRow> refs(RepoId repo) {
    return sql.read(
        "the refs of " + repo,
        handle ->
            handle
                .createQuery(REF + " WHERE repo = :repo ORDER BY revision")
                .bind("repo", repo.folder())
                .map((rs, _) -> refRow(rs))
                .list());
  }

  void putRef(RefRow row) {
    sql.write(
        "ref %s of %s".formatted(row.revision(), row.repo()),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO ref (repo, revision, commit_id, confirmed_at)
                    VALUES (:repo, :revision, :commit, :confirmed)
                    ON CONFLICT (repo, revision) DO UPDATE SET
                      commit_id = excluded.commit_id, confirmed_at = excluded.confirmed_at
                    """)
                .bind("repo", row.repo().folder())
                .bind("revision", row.revision().name())
                .bind("commit", row.commit().hex())
                .bind("confirmed", Sql.millis(row.confirmedAt()))
                .execute());
  }

  void addRefs(Collection<RefRow> rows) {
    sql.batch(
        "refs",
        rows,
        """
        INSERT INTO ref (repo, revision, commit_id, confirmed_at)
        VALUES (:repo, :revision, :commit, :confirmed)
        ON CONFLICT (repo, revision) DO NOTHING
        """,
        (batch, row) ->
            batch
                .bind("repo", row.repo().folder())
                .bind("revision", row.revision().name())
                .bind("commit", row.commit().hex())
                .bind("confirmed", Sql.millis(row.confirmedAt())));
  }

  void forgetRef(RepoId repo, Revision revision) {
    sql.write(
        "ref %s of %s".formatted(revision, repo),
        handle ->
            handle
                .createUpdate("DELETE FROM ref WHERE repo = :repo AND revision = :revision")
                .bind("repo", repo.folder())
                .bind("revision", revision.name())
                .execute());
  }

  private static RepoRow repoRow(ResultSet rs) throws SQLException {
    return new RepoRow(
        RepoId.ofFolder(rs.getString(1)),
        Visibility.valueOf(rs.getString(2).toUpperCase(Locale.ROOT)),
        Instant.ofEpochMilli(rs.getLong(3)),
        rs.getString(4));
  }

  private static RefRow refRow(ResultSet rs) throws SQLException {
    return new RefRow(
        RepoId.ofFolder(rs.getString(1)),
        new Revision(rs.getString(2)),
        new Commit(rs.getString(3)),
        Instant.ofEpochMilli(rs.getLong(4)));
  }
}
