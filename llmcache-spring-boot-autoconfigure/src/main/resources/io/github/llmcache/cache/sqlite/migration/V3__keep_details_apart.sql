-- One row a key, with what a hit reads and the request, which is at its end. Not WITHOUT ROWID, which is several times slower
-- with payloads of this size. What can be said of an entry without reading it is in a table of its own, so that going
-- through all of them touches no payload
DROP INDEX entry_fingerprint;
DROP INDEX entry_namespace;
ALTER TABLE entry RENAME TO entry_2;
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL,
  key BLOB NOT NULL,
  cost_nanos INTEGER,
  payload BLOB NOT NULL,
  request BLOB
) STRICT;

-- The narrowest first, for whoever asks for few details only. Hashes are those of the request, if that is stored: 8 bytes of
-- the parameters, 32 of the sketch, 8 of each message
CREATE TABLE entry_details (
  entry INTEGER PRIMARY KEY,
  bytes INTEGER NOT NULL,
  newest_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  fingerprint INTEGER NOT NULL,
  key BLOB NOT NULL,
  samples INTEGER NOT NULL,
  cost_nanos INTEGER,
  namespace TEXT NOT NULL,
  finish_reason TEXT NOT NULL,
  hashes BLOB
) STRICT;

-- When entries were last used, as far as that was recorded. Hundreds of rows a page, for it changes often
CREATE TABLE entry_use (
  entry INTEGER PRIMARY KEY,
  last_used INTEGER NOT NULL
) STRICT;

-- Where a request was stored, its sketch is not known
INSERT INTO entry (id, fingerprint, key, cost_nanos, payload, request)
  SELECT id, fingerprint, key, cost_nanos, payload, request FROM entry_2 ORDER BY id;
INSERT INTO entry_details (entry, bytes, newest_at, created_at, expires_at, fingerprint, key, samples, cost_nanos,
    namespace, finish_reason, hashes)
  SELECT id, 200 + length(payload) + coalesce(length(request) + length(message_hashes), 0), created_at, created_at,
      expires_at, fingerprint, key, samples, cost_nanos, namespace, finish_reason,
      CASE WHEN request IS NOT NULL THEN CAST(parameters_hash || zeroblob(32) || message_hashes AS BLOB) END
    FROM entry_2 ORDER BY id;
DROP TABLE entry_2;

-- Finds candidates, of which the key decides: an index of less than half the size that one on the key has. The writer, of
-- which there is one at a time, sees to it that no key occurs twice. Covers counting and adding up as well, which would
-- otherwise read every payload
CREATE INDEX entry_fingerprint ON entry (fingerprint, cost_nanos);

-- Most entries are in no namespace
CREATE INDEX entry_namespace ON entry_details (namespace) WHERE namespace <> '';

CREATE TRIGGER entry_deleted AFTER DELETE ON entry
BEGIN
  DELETE FROM entry_details WHERE entry = OLD.id;
  DELETE FROM entry_use WHERE entry = OLD.id;
END;

-- What all processes together have counted of the model, by the day in UTC. Outlives the entries
CREATE TABLE statistics (
  day TEXT NOT NULL PRIMARY KEY,
  hits INTEGER NOT NULL,
  misses INTEGER NOT NULL,
  stale INTEGER NOT NULL,
  writes INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  coalesced INTEGER NOT NULL,
  spent_nanos INTEGER NOT NULL,
  saved_nanos INTEGER NOT NULL,
  saved_tokens INTEGER NOT NULL,
  unpriced_calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  evictions INTEGER NOT NULL,
  expirations INTEGER NOT NULL
) STRICT;
