-- The newest known state of each post, found by its id: where its rows stand, so that an edit
-- replaces and a deletion removes them, and what comes late or again is recognised.
CREATE TABLE IF NOT EXISTS post_states
(
    run         LowCardinality(String),
    platform    LowCardinality(String),
    post_id     String,
    version     UInt64,
    is_deleted  UInt8,
    observed_at DateTime64(3, 'UTC') COMMENT 'of its first revision; rows of later ones keep it',
    entities    Array(LowCardinality(String)) COMMENT 'that have a row in reactions'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run, platform, post_id)
TTL toDateTime(observed_at) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live';
