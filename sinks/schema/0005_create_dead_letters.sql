-- What could not be used, why, and where it was. A repeat of the same letter is the same row.
CREATE TABLE IF NOT EXISTS dead_letters
(
    run         LowCardinality(String),
    stage       LowCardinality(String),
    source      String COMMENT 'file, or topic/partition',
    position    UInt64 COMMENT 'line, or offset',
    part        UInt32 COMMENT 'place within that',
    fingerprint UInt64 COMMENT 'hash of the payload: an offset is used again after a cold start',
    reason      LowCardinality(String),
    detail      String CODEC(ZSTD(3)),
    payload     String CODEC(ZSTD(3)) COMMENT 'the first 16 KiB',
    size_bytes  UInt64 COMMENT 'of the whole',
    received_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(received_at)
ORDER BY (run, stage, source, position, part, fingerprint)
TTL toDateTime(received_at) + INTERVAL {retention_days} DAY DELETE;
