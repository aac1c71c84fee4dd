-- Models that have a name. Runs on SQLite and on PostgreSQL as it stands.
--
-- "location" is a location's name, never a path. "engine" and "file" are NULL where the registration leaves the choice open. What
-- was brought last for the name stands in the "pulled_" columns: all of them are NULL, or none is.

CREATE TABLE model (
  name          TEXT   NOT NULL PRIMARY KEY,
  repo          TEXT   NOT NULL,
  revision      TEXT   NOT NULL,
  location      TEXT   NOT NULL,
  engine        TEXT,
  file          TEXT,
  registered_at BIGINT NOT NULL,
  pulled_commit TEXT,
  pulled_engine TEXT,
  pulled_files  BIGINT,
  pulled_bytes  BIGINT,
  pulled_at     BIGINT
);
