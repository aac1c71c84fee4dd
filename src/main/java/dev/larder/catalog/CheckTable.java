package dev.larder.catalog;

import dev.larder.content.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** {@link CheckRows} in three tables. */
final class CheckTable implements CheckRows {
  private static final int KEPT_RUNS = 100;

  private final Sql sql;

  CheckTable(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Map<Digest, Instant> checked() {
    return sql.read(
        "the checks of blobs",
        handle -> {
          Map<Digest, Instant> checked = new HashMap<>();
          handle
              .createQuery("SELECT digest, checked_at FROM blob_check")
              .map((rs, _) -> Map.entry(new Digest(rs.getString(1)), instant(rs, 2)))
              .forEach(row -> checked.put(row.getKey(), row.getValue()));
          return checked;
        });
  }

  @Override
  public void putChecked(Collection<Digest> digests, Instant at) {
    sql.batch(
        "the checks of blobs",
        digests,
        """
        INSERT INTO blob_check (digest, checked_at) VALUES (:digest, :at)
        ON CONFLICT (digest) DO UPDATE SET checked_at = excluded.checked_at
        """,
        (batch, digest) -> batch.bind("digest", digest.hex()).bind("at", Sql.millis(at)));
  }

  @Override
  public void forgetChecked(Collection<Digest> digests) {
    sql.batch(
        "the checks of blobs",
        digests,
        "DELETE FROM blob_check WHERE digest = :digest",
        (batch, digest) -> batch.bind("digest", digest.hex()));
  }

  @Override
  public Set<Digest> lost() {
    return sql.read(
        "the lost blobs",
        handle ->
            new HashSet<>(
                handle
                    .createQuery("SELECT digest FROM blob_lost")
                    .map((rs, _) -> new Digest(rs.getString(1)))
                    .list()));
  }

  @Override
  public void putLost(Collection<Digest> digests) {
    sql.batch(
        "the lost blobs",
        digests,
        "INSERT INTO blob_lost (digest) VALUES (:digest) ON CONFLICT (digest) DO NOTHING",
        (batch, digest) -> batch.bind("digest", digest.hex()));
  }

  @Override
  public void forgetLost(Digest digest) {
    sql.write("the lost blob " + digest, handle -> found(handle, digest));
  }

  /** The blob is here again. Part of a transaction. */
  static void found(Handle handle, Digest digest) {
    handle
        .createUpdate("DELETE FROM blob_lost WHERE digest = :digest")
        .bind("digest", digest.hex())
        .execute();
  }

  @Override
  public Optional<ScrubRow> lastScrub() {
    return sql.read(
        "the last scrub",
        handle ->
            handle
                .createQuery(
                    "SELECT begun_at, ended_at, share_bytes, blobs, bytes, found, repaired FROM"
                        + " scrub_run ORDER BY begun_at DESC LIMIT 1")
                .map((rs, _) -> scrubRow(rs))
                .findOne());
  }

  @Override
  public void putScrub(ScrubRow row) {
    sql.write(
        "the scrub of " + row.begunAt(),
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO scrub_run (begun_at, ended_at, share_bytes, blobs, bytes, found, repaired)
                  VALUES (:begun, :ended, :share, :blobs, :bytes, :found, :repaired)
                  ON CONFLICT (begun_at) DO UPDATE SET
                    ended_at = excluded.ended_at, blobs = excluded.blobs,
                    bytes = excluded.bytes, found = excluded.found, repaired = excluded.repaired
                  """)
              .bind("begun", Sql.millis(row.begunAt()))
              .bind("ended", row.endedAt().map(Sql::millis).orElse(null))
              .bind("share", row.shareBytes())
              .bind("blobs", row.blobs())
              .bind("bytes", row.bytes())
              .bind("found", row.found())
              .bind("repaired", row.repaired())
              .execute();
          handle
              .createUpdate(
                  "DELETE FROM scrub_run WHERE begun_at NOT IN"
                      + " (SELECT begun_at FROM scrub_run ORDER BY begun_at DESC LIMIT :kept)")
              .bind("kept", KEPT_RUNS)
              .execute();
        });
  }

  private static ScrubRow scrubRow(ResultSet rs) throws SQLException {
    Instant ended = instant(rs, 2);
    return new ScrubRow(
        instant(rs, 1),
        rs.getObject(2) == null ? Optional.empty() : Optional.of(ended),
        rs.getLong(3),
        rs.getLong(4),
        rs.getLong(5),
        rs.getLong(6),
        rs.getLong(7));
  }

  private static Instant instant(ResultSet rs, int column) throws SQLException {
    return Instant.ofEpochMilli(rs.getLong(column));
  }
}
