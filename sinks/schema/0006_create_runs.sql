-- What each producer of a run has read: read = kept + filtered + deletions + dead letters.
CREATE TABLE IF NOT EXISTS runs
(
    run          LowCardinality(String),
    source       String,
    started_at   DateTime64(3, 'UTC'),
    reported_at  DateTime64(3, 'UTC'),
    state        LowCardinality(String) COMMENT 'running, finished or interrupted',
    inputs       Array(String),
    read         UInt64,
    kept         UInt64,
    filtered     UInt64,
    deletions    UInt64,
    dead_letters Map(LowCardinality(String), UInt64) COMMENT 'unreadable input records by reason',
    first_at     Nullable(DateTime64(3, 'UTC')),
    last_at      Nullable(DateTime64(3, 'UTC'))
)
ENGINE = ReplacingMergeTree(reported_at)
ORDER BY (run, source, started_at);

-- The newest report of each producer: one that started again counts from the first record on, so
-- that an older life must not be added to it.
CREATE VIEW IF NOT EXISTS run_sources AS
SELECT
    run,
    source,
    argMax(state, life) AS state,
    argMax(inputs, life) AS inputs,
    argMax(read, life) AS read,
    argMax(kept, life) AS kept,
    argMax(filtered, life) AS filtered,
    argMax(deletions, life) AS deletions,
    argMax(dead_letters, life) AS dead_letters,
    argMax(tuple(first_at), life).1 AS first_at,
    argMax(tuple(last_at), life).1 AS last_at,
    max(reported_at) AS reported_at
FROM (SELECT *, tuple(started_at, reported_at) AS life FROM runs FINAL)
GROUP BY run, source;
