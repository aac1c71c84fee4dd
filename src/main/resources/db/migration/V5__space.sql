-- What must stay, and what had to go. Runs on SQLite and on PostgreSQL as it stands.
--
-- A pin of a whole repo has the revision ''. One without an end has expires_at NULL.

CREATE TABLE pin (
  repo       TEXT   NOT NULL,
  revision   TEXT   NOT NULL,
  owner      TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  note       TEXT   NOT NULL,
  PRIMARY KEY (repo, revision, owner)
);

-- One row for each repo that a blob was evicted from; '' when no repo was known to need it. "paths" has one path a line.
-- "size_bytes" is the blob's and stands in each of its rows.
CREATE TABLE eviction (
  evicted_at BIGINT NOT NULL,
  digest     TEXT   NOT NULL,
  repo       TEXT   NOT NULL,
  paths      TEXT   NOT NULL,
  size_bytes BIGINT NOT NULL,
  reason     TEXT   NOT NULL,
  room_for   TEXT   NOT NULL,
  PRIMARY KEY (evicted_at, digest, repo)
);
