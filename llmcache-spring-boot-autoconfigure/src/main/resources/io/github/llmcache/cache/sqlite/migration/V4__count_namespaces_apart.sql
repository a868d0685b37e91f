-- What all processes together have counted of the model, by namespace and by the day in UTC. Outlives the entries
ALTER TABLE statistics RENAME TO statistics_3;
CREATE TABLE statistics (
  namespace TEXT NOT NULL,
  day TEXT NOT NULL,
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
  expirations INTEGER NOT NULL,
  PRIMARY KEY (namespace, day)
) STRICT;

-- Nobody knows of which namespaces that was
INSERT INTO statistics (namespace, day, hits, misses, stale, writes, errors, coalesced, spent_nanos, saved_nanos, saved_tokens, unpriced_calls,
    input_tokens, output_tokens, evictions, expirations)
  SELECT '', day, hits, misses, stale, writes, errors, coalesced, spent_nanos, saved_nanos, saved_tokens, unpriced_calls,
    input_tokens, output_tokens, evictions, expirations
    FROM statistics_3;
DROP TABLE statistics_3;
