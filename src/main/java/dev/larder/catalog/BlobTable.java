package dev.larder.catalog;

import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.GitBlobId;
import java.util.List;
import java.util.Optional;

/** Which blobs are durable, and which SHA-256 a git blob id stands for. */
final class BlobTable {
  private final Sql sql;

  BlobTable(Sql sql) {
    this.sql = sql;
  }

  List<BlobRow> all() {
    return sql.read(
        "the blobs",
        handle ->
            handle
                .createQuery(
                    "SELECT digest, inode, size_bytes, modified_nanos, changed_nanos, state FROM"
                        + " blob")
                .map(
                    (rs, _) ->
                        new BlobRow(
                            new Digest(rs.getString(1)),
                            new FileStat.Fingerprint(
                                rs.getLong(2), rs.getLong(3), rs.getLong(4), rs.getLong(5)),
                            rs.getString(6).equals("deleting")))
                .list());
  }

  void put(BlobRow row) {
    sql.write(
        "blob " + row.digest(),
        handle ->
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
                .execute());
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
