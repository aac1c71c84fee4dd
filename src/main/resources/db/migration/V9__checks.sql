-- When the bytes of blobs were last hashed and found right, which blobs went without being removed, and how far the nightly scrub
-- is. Runs on SQLite and on PostgreSQL as it stands. Times are milliseconds since 1970, in UTC. All of it may be lost: then the
-- next scrub begins from the first blob.

CREATE TABLE blob_check (
  digest     TEXT   NOT NULL PRIMARY KEY,
  checked_at BIGINT NOT NULL
);

-- CRC-32C over the body, its type and its headers; NULL in rows from before. Files prove themselves by their names, answers of the
-- hub's API do not.
ALTER TABLE document ADD COLUMN checksum BIGINT;

-- A row goes when the blob is here again.
CREATE TABLE blob_lost (
  digest TEXT NOT NULL PRIMARY KEY
);

-- One row for each night. A run that was cut has no end, and goes on from its counters.
CREATE TABLE scrub_run (
  begun_at    BIGINT NOT NULL PRIMARY KEY,
  ended_at    BIGINT,
  share_bytes BIGINT NOT NULL,
  blobs       BIGINT NOT NULL,
  bytes       BIGINT NOT NULL,
  found       BIGINT NOT NULL,
  repaired    BIGINT NOT NULL
);
