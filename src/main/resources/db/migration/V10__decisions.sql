-- More counters, counters of callers, and what was decided about requests that were no plain hits. Runs on SQLite and on PostgreSQL
-- as it stands. "joined", "stale" and "bypassed" are parts of "misses", "hits" and "misses". "upstream_millis" is the time that
-- readers waited for bytes of the upstream, that of all connections added up.

ALTER TABLE traffic ADD COLUMN joined          BIGINT NOT NULL DEFAULT 0;
ALTER TABLE traffic ADD COLUMN stale           BIGINT NOT NULL DEFAULT 0;
ALTER TABLE traffic ADD COLUMN bypassed        BIGINT NOT NULL DEFAULT 0;
ALTER TABLE traffic ADD COLUMN upstream_millis BIGINT NOT NULL DEFAULT 0;

-- "caller" is a name that gives nothing away: "anonymous", "account-<id>", "token-<keyed hash>"; never a token.
CREATE TABLE caller_traffic (
  day             BIGINT NOT NULL,
  source          TEXT   NOT NULL,
  caller          TEXT   NOT NULL,
  hits            BIGINT NOT NULL,
  misses          BIGINT NOT NULL,
  served_bytes    BIGINT NOT NULL,
  upstream_bytes  BIGINT NOT NULL,
  joined          BIGINT NOT NULL,
  stale           BIGINT NOT NULL,
  bypassed        BIGINT NOT NULL,
  upstream_millis BIGINT NOT NULL,
  PRIMARY KEY (day, source, caller)
);

-- "at" is the last of "times" like this. What a decision is not about is empty. "detail" is a sentence.
CREATE TABLE decision (
  at        BIGINT NOT NULL,
  serial    BIGINT NOT NULL,
  repo      TEXT   NOT NULL,
  revision  TEXT   NOT NULL,
  path      TEXT   NOT NULL,
  commit_id TEXT   NOT NULL,
  identity  TEXT   NOT NULL,
  kind      TEXT   NOT NULL,
  caller    TEXT   NOT NULL,
  detail    TEXT   NOT NULL,
  times     BIGINT NOT NULL,
  PRIMARY KEY (at, serial)
);

CREATE INDEX decision_repo ON decision (repo, at);
CREATE INDEX decision_identity ON decision (identity, at);
