package dev.larder.catalog;

import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Pins and evictions; what blobs are worth is asked of {@link WorthTable}. */
final class SpaceTable implements SpaceRows {
  private final Sql sql;
  private final WorthTable worth;

  SpaceTable(Sql sql) {
    this.sql = sql;
    this.worth = new WorthTable(sql);
  }

  @Override
  public List<WorthRow> worths() {
    return worth.worths();
  }

  @Override
  public List<NeedRow> needs() {
    return worth.needs();
  }

  @Override
  public List<RefRow> newestRefs() {
    return worth.newestRefs();
  }

  @Override
  public List<PinRow> pins() {
    return sql.read(
        "the pins",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT repo, revision, owner, created_at, expires_at, note
                    FROM pin ORDER BY repo, revision, owner
                    """)
                .map((rs, _) -> pin(rs))
                .list());
  }

  private static PinRow pin(ResultSet rs) throws SQLException {
    String revision = rs.getString(2);
    long expires = rs.getLong(5);
    boolean endless = rs.wasNull();
    return new PinRow(
        RepoId.ofFolder(rs.getString(1)),
        revision.isEmpty() ? Optional.empty() : Optional.of(new Revision(revision)),
        rs.getString(3),
        Instant.ofEpochMilli(rs.getLong(4)),
        endless ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires)),
        rs.getString(6));
  }

  @Override
  public void putPin(PinRow row) {
    sql.write(
        "the pin of " + row.repo(),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO pin (repo, revision, owner, created_at, expires_at, note)
                    VALUES (:repo, :revision, :owner, :created, :expires, :note)
                    ON CONFLICT (repo, revision, owner) DO UPDATE SET
                      created_at = excluded.created_at,
                      expires_at = excluded.expires_at,
                      note = excluded.note
                    """)
                .bind("repo", row.repo().folder())
                .bind("revision", revision(row))
                .bind("owner", row.owner())
                .bind("created", Sql.millis(row.createdAt()))
                .bind("expires", row.expiresAt().map(Sql::millis).orElse(null))
                .bind("note", row.note())
                .execute());
  }

  private static String revision(PinRow row) {
    return row.revision().map(Revision::name).orElse("");
  }

  @Override
  public void forgetPin(PinRow row) {
    sql.write(
        "the pin of " + row.repo(),
        handle ->
            handle
                .createUpdate(
                    """
                    DELETE FROM pin
                    WHERE repo = :repo AND revision = :revision AND owner = :owner
                    """)
                .bind("repo", row.repo().folder())
                .bind("revision", revision(row))
                .bind("owner", row.owner())
                .execute());
  }

  @Override
  public void addEvictions(Collection<EvictionRow> rows, int most) {
    sql.batch(
        "what was evicted",
        rows,
        """
        INSERT INTO eviction (evicted_at, digest, repo, paths, size_bytes, reason, room_for)
        VALUES (:at, :digest, :repo, :paths, :size, :reason, :for)
        ON CONFLICT (evicted_at, digest, repo) DO NOTHING
        """,
        (batch, row) ->
            batch
                .bind("at", Sql.millis(row.at()))
                .bind("digest", row.digest().hex())
                .bind("repo", row.repo().map(RepoId::folder).orElse(""))
                .bind(
                    "paths",
                    row.paths().stream().map(EntryPath::value).collect(Collectors.joining("\n")))
                .bind("size", row.sizeBytes())
                .bind("reason", row.reason())
                .bind("for", row.roomFor()));
    sql.write(
        "which evictions are forgotten",
        handle ->
            handle
                .createUpdate(
                    """
                    DELETE FROM eviction WHERE evicted_at < (
                      SELECT evicted_at FROM eviction
                      ORDER BY evicted_at DESC LIMIT 1 OFFSET :last)
                    """)
                .bind("last", Math.max(0, most - 1))
                .execute());
  }

  @Override
  public List<EvictionRow> evictions(Instant since, int most) {
    return sql.read(
        "what was evicted",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT evicted_at, digest, repo, paths, size_bytes, reason, room_for
                    FROM eviction WHERE evicted_at >= :since
                    ORDER BY evicted_at DESC, repo, digest LIMIT :most
                    """)
                .bind("since", Sql.millis(since))
                .bind("most", most)
                .map((rs, _) -> eviction(rs))
                .list());
  }

  private static EvictionRow eviction(ResultSet rs) throws SQLException {
    String repo = rs.getString(3);
    return new EvictionRow(
        Instant.ofEpochMilli(rs.getLong(1)),
        new Digest(rs.getString(2)),
        repo.isEmpty() ? Optional.empty() : Optional.of(RepoId.ofFolder(repo)),
        rs.getString(4).lines().map(EntryPath::new).toList(),
        rs.getLong(5),
        rs.getString(6),
        rs.getString(7));
  }
}
