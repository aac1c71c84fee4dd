-- Also what a command put into its user's own tree is known, so that a blob that is removed takes the links along that were made to
-- it here and no others. "owners": put there for the tree's owner, who keeps it when the repo is closed. SQLite and PostgreSQL.

ALTER TABLE shown ADD COLUMN owners SMALLINT NOT NULL DEFAULT 0;

CREATE INDEX shown_digest ON shown (digest);
