-- Key-value facts about the file, such as the id of the model that it belongs to
CREATE TABLE metadata (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- One row a key. Not WITHOUT ROWID, which is several times slower with payloads of this size
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL,
  key BLOB NOT NULL,
  namespace TEXT NOT NULL,
  format INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  samples INTEGER NOT NULL,
  cost_nanos INTEGER,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  finish_reason TEXT NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- Finds candidates, of which the key decides: an index of a quarter of the size that one on the key has. The writer, of
-- which there is one at a time, sees to it that no key occurs twice
CREATE INDEX entry_fingerprint ON entry (fingerprint);

-- Covers counting and adding up as well, which would otherwise read every payload
CREATE INDEX entry_namespace ON entry (namespace, cost_nanos);

-- What was asked: never read on a hit, hence not in the row that is
CREATE TABLE request (
  entry INTEGER PRIMARY KEY,
  parameters_hash BLOB NOT NULL,
  message_hashes BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TRIGGER entry_deleted AFTER DELETE ON entry
BEGIN
  DELETE FROM request WHERE entry = OLD.id;
END;
