-- What was read of a repo's folder, with what tells whether the folder is still so. Runs on SQLite and on PostgreSQL as it stands.
-- Nothing but speed is lost with a row: the folder is read again then.

CREATE TABLE scan (
  repo TEXT  NOT NULL PRIMARY KEY,
  body BYTEA NOT NULL
);
