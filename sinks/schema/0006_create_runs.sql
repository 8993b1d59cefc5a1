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
