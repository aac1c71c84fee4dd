-- What is cached, from where, and who used it when. Runs on SQLite and on PostgreSQL as it stands:
-- BYTEA is PostgreSQL's word and SQLite keeps bytes in a column of any name.
--
-- "repo" is the folder form of a repo's name (models--org--name): one column, unambiguous.
-- Times are milliseconds since 1970, in UTC. Nothing here refers to another table: each table is
-- rebuilt on its own from the files, and a row that outlives its neighbour does no harm.

CREATE TABLE blob (
  digest         TEXT   NOT NULL PRIMARY KEY,
  inode          BIGINT NOT NULL,
  size_bytes     BIGINT NOT NULL CHECK (size_bytes >= 0),
  modified_nanos BIGINT NOT NULL,
  changed_nanos  BIGINT NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('ready', 'deleting'))
);

-- The SHA-256 that was first seen for a git blob id. Outlives the blob on purpose.
CREATE TABLE git_pin (
  git_id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL
);

CREATE TABLE repo (
  repo           TEXT   NOT NULL PRIMARY KEY,
  visibility     TEXT   NOT NULL CHECK (visibility IN ('public', 'restricted', 'unknown')),
  checked_at     BIGINT NOT NULL,
  canonical_name TEXT   NOT NULL
);

CREATE TABLE ref (
  repo         TEXT   NOT NULL,
  revision     TEXT   NOT NULL,
  commit_id    TEXT   NOT NULL,
  confirmed_at BIGINT NOT NULL,
  PRIMARY KEY (repo, revision)
);

CREATE TABLE entry (
  repo       TEXT     NOT NULL,
  commit_id  TEXT     NOT NULL,
  path       TEXT     NOT NULL,
  identity   TEXT     NOT NULL,
  size_bytes BIGINT   NOT NULL CHECK (size_bytes >= 0),
  lfs        SMALLINT NOT NULL CHECK (lfs IN (0, 1)),
  PRIMARY KEY (repo, commit_id, path)
);

CREATE TABLE document (
  repo         TEXT   NOT NULL,
  name         TEXT   NOT NULL,
  body         BYTEA  NOT NULL,
  content_type TEXT   NOT NULL,
  headers      TEXT   NOT NULL,
  fetched_at   BIGINT NOT NULL,
  PRIMARY KEY (repo, name)
);

-- "day" counts days since 1970, in UTC. Here "repo" is whatever the source calls a repo.
CREATE TABLE traffic (
  day            BIGINT NOT NULL,
  source         TEXT   NOT NULL,
  repo           TEXT   NOT NULL,
  hits           BIGINT NOT NULL,
  misses         BIGINT NOT NULL,
  served_bytes   BIGINT NOT NULL,
  upstream_bytes BIGINT NOT NULL,
  PRIMARY KEY (day, source, repo)
);

CREATE TABLE blob_use (
  repo    TEXT   NOT NULL,
  digest  TEXT   NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (repo, digest)
);
