-- The same decision again is one more time of it: this finds it.
CREATE INDEX decision_same ON decision (repo, path, kind, revision);
