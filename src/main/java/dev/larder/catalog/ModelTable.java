package dev.larder.catalog;

import dev.larder.content.Commit;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models that have a name. */
final class ModelTable implements ModelRows {
  private static final Logger LOG = LoggerFactory.getLogger(ModelTable.class);

  private final Sql sql;

  ModelTable(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<ModelRow> models() {
    return sql.read(
        "the models",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT name, repo, revision, location, engine, file, registered_at,
                      pulled_commit, pulled_engine, pulled_files, pulled_bytes, pulled_at
                    FROM model ORDER BY name
                    """)
                .map((rs, _) -> readable(rs))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  /** One that somebody damaged is no reason to have none of the others. */
  private static Optional<ModelRow> readable(ResultSet rs) throws SQLException {
    try {
      return Optional.of(row(rs));
    } catch (InvalidName e) {
      LOG.warn("a registered model cannot be read and is left out: {}", e.explanation());
      return Optional.empty();
    }
  }

  private static ModelRow row(ResultSet rs) throws SQLException {
    return new ModelRow(
        rs.getString(1),
        RepoId.ofFolder(rs.getString(2)),
        new Revision(rs.getString(3)),
        rs.getString(4),
        Optional.ofNullable(rs.getString(5)),
        Optional.ofNullable(rs.getString(6)),
        Instant.ofEpochMilli(rs.getLong(7)),
        pulled(rs));
  }

  private static Optional<PulledRow> pulled(ResultSet rs) throws SQLException {
    String commit = rs.getString(8);
    return commit == null
        ? Optional.empty()
        : Optional.of(
            new PulledRow(
                new Commit(commit),
                rs.getString(9),
                rs.getInt(10),
                rs.getLong(11),
                Instant.ofEpochMilli(rs.getLong(12))));
  }

  @Override
  public void putModel(ModelRow row) {
    Optional<PulledRow> pulled = row.pulled();
    sql.write(
        "model " + row.name(),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO model (name, repo, revision, location, engine, file, registered_at,
                      pulled_commit, pulled_engine, pulled_files, pulled_bytes, pulled_at)
                    VALUES (:name, :repo, :revision, :location, :engine, :file, :registered,
                      :commit, :by, :files, :bytes, :at)
                    ON CONFLICT (name) DO UPDATE SET
                      repo = excluded.repo, revision = excluded.revision,
                      location = excluded.location, engine = excluded.engine,
                      file = excluded.file, registered_at = excluded.registered_at,
                      pulled_commit = excluded.pulled_commit,
                      pulled_engine = excluded.pulled_engine,
                      pulled_files = excluded.pulled_files,
                      pulled_bytes = excluded.pulled_bytes, pulled_at = excluded.pulled_at
                    """)
                .bind("name", row.name())
                .bind("repo", row.repo().folder())
                .bind("revision", row.revision().name())
                .bind("location", row.location())
                .bind("engine", row.engine().orElse(null))
                .bind("file", row.file().orElse(null))
                .bind("registered", Sql.millis(row.registeredAt()))
                .bind("commit", pulled.map(each -> each.commit().hex()).orElse(null))
                .bind("by", pulled.map(PulledRow::engine).orElse(null))
                .bind("files", pulled.map(PulledRow::files).orElse(null))
                .bind("bytes", pulled.map(PulledRow::sizeBytes).orElse(null))
                .bind("at", pulled.map(each -> Sql.millis(each.at())).orElse(null))
                .execute());
  }

  @Override
  public void forgetModel(String name) {
    sql.write(
        "the end of model " + name,
        handle ->
            handle
                .createUpdate("DELETE FROM model WHERE name = :name")
                .bind("name", name)
                .execute());
  }
}
