-- Keys changed with this version, before the first release: nobody could find the entries that there are
DROP TABLE request;
DROP TABLE entry;

-- One row a key. Not WITHOUT ROWID, which is several times slower with payloads of this size. What a hit reads comes before
-- what it does not. Both are in one row, for a commit costs as much as the pages that it touches
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL,
  key BLOB NOT NULL,
  namespace TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  samples INTEGER NOT NULL,
  cost_nanos INTEGER,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  finish_reason TEXT NOT NULL,
  payload BLOB NOT NULL,
  parameters_hash BLOB,
  message_hashes BLOB,
  request BLOB
) STRICT;

-- Finds candidates, of which the key decides: an index of less than half the size that one on the key has. The writer, of
-- which there is one at a time, sees to it that no key occurs twice. Covers counting and adding up as well, which would
-- otherwise read every payload
CREATE INDEX entry_fingerprint ON entry (fingerprint, cost_nanos);

-- Most entries are in no namespace
CREATE INDEX entry_namespace ON entry (namespace) WHERE namespace <> '';

-- zstd dictionaries, numbered in the order in which they were made. The newest is written with. Payloads say which one they
-- and their requests need
CREATE TABLE dictionary (
  id INTEGER PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;
