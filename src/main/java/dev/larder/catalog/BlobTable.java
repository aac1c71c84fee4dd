package dev.larder.catalog;

import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.GitBlobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Which blobs are durable, and which SHA-256 a git blob id stands for. */
final class BlobTable {
  private static final String ALL =
      "SELECT digest, inode, size_bytes, modified_nanos, changed_nanos, state FROM blob";

  private final Sql sql;

  BlobTable(Sql sql) {
    this.sql = sql;
  }

  List<BlobRow> all() {
    List<BlobRow> rows = new ArrayList<>();
    each(rows::add);
    return rows;
  }

  /** Row by row, without a mapper: there may be a million, and a start waits for them. */
  void each(Consumer<BlobRow> reader) {
    Integer _ =
        sql.read(
            "the blobs",
            handle ->
                handle
                    .createQuery(ALL)
                    .scanResultSet(
                        (result, _) -> {
                          int count = 0;
                          try (ResultSet rows = result.get()) {
                            for (; rows.next(); count++) {
                              reader.accept(row(rows));
                            }
                          }
                          return count;
                        }));
  }

  private static BlobRow row(ResultSet row) throws SQLException {
    return new BlobRow(
        new Digest(row.getString(1)),
        new FileStat.Fingerprint(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
        row.getString(6).equals("deleting"));
  }

  void put(BlobRow row) {
    sql.write(
        "blob " + row.digest(),
        handle -> {
          CheckTable.found(handle, row.digest());
          handle
              .createUpdate(
                  """
                  INSERT INTO blob (digest, inode, size_bytes, modified_nanos, changed_nanos, state)
                  VALUES (:digest, :inode, :size, :modified, :changed, :state)
                  ON CONFLICT (digest) DO UPDATE SET
                    inode = excluded.inode, size_bytes = excluded.size_bytes,
                    modified_nanos = excluded.modified_nanos,
                    changed_nanos = excluded.changed_nanos, state = excluded.state
                  """)
              .bind("digest", row.digest().hex())
              .bind("inode", row.fingerprint().inode())
              .bind("size", row.fingerprint().sizeBytes())
              .bind("modified", row.fingerprint().modifiedNanos())
              .bind("changed", row.fingerprint().changedNanos())
              .bind("state", row.deleting() ? "deleting" : "ready")
              .execute();
        });
  }

  void forget(Digest digest) {
    sql.write(
        "blob " + digest,
        handle ->
            handle
                .createUpdate("DELETE FROM blob WHERE digest = :digest")
                .bind("digest", digest.hex())
                .execute());
  }

  void forget(Collection<Digest> digests) {
    sql.batch(
        "blobs",
        digests,
        "DELETE FROM blob WHERE digest = :digest",
        (batch, digest) -> batch.bind("digest", digest.hex()));
  }

  Optional<Digest> pinned(GitBlobId id) {
    return sql.read(
        "the blob of " + id,
        handle ->
            handle
                .createQuery("SELECT digest FROM git_pin WHERE git_id = :id")
                .bind("id", id.hex())
                .map((rs, _) -> new Digest(rs.getString(1)))
                .findOne());
  }

  void pin(GitBlobId id, Digest digest) {
    sql.write(
        "the blob of " + id,
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO git_pin (git_id, digest) VALUES (:id, :digest)
                    ON CONFLICT (git_id) DO NOTHING
                    """)
                .bind("id", id.hex())
                .bind("digest", digest.hex())
                .execute());
  }
}
