-- Who has a token of this Larder, and what groups may read. Runs on SQLite and on PostgreSQL as it
-- stands.
--
-- A token itself is nowhere: "token_hash" is its HMAC under a key that lies outside the database.
-- An account without an end has expires_at NULL. "used_day" counts days since 1970, in UTC.

CREATE TABLE account (
  id         TEXT   NOT NULL PRIMARY KEY,
  name       TEXT   NOT NULL UNIQUE,
  token_hash TEXT   NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  used_day   BIGINT
);

CREATE TABLE membership (
  account    TEXT NOT NULL,
  group_name TEXT NOT NULL,
  PRIMARY KEY (account, group_name)
);

CREATE TABLE repo_grant (
  group_name TEXT   NOT NULL,
  pattern    TEXT   NOT NULL,
  granted_at BIGINT NOT NULL,
  PRIMARY KEY (group_name, pattern)
);
