-- What this server put into the hub tree, so that it can take it out again when the repo is closed, and nothing that others put
-- there. Runs on SQLite and on PostgreSQL as it stands. "identity" is the name in "blobs", "digest" the blob of the store.

CREATE TABLE shown (
  repo      TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  path      TEXT NOT NULL,
  identity  TEXT NOT NULL,
  digest    TEXT NOT NULL,
  PRIMARY KEY (repo, commit_id, path)
);
