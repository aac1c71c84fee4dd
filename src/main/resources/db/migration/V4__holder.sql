-- Whose a repo's name is at the hub: "hub_id" is what the hub itself calls the repo, NULL until it was seen. A name can change
-- hands; "former_commit" is what was known of the repo that had it before. Runs on SQLite and on PostgreSQL as it stands.

ALTER TABLE repo ADD COLUMN hub_id TEXT;

CREATE TABLE former_commit (
  repo      TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  PRIMARY KEY (repo, commit_id)
);
