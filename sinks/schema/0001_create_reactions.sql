-- What was said of each tracked entity: one row a (run, entity, post).
-- A higher version replaces; is_deleted removes. Read it FINAL.
CREATE TABLE IF NOT EXISTS reactions
(
    run             LowCardinality(String),
    entity          LowCardinality(String),
    observed_at     DateTime64(3, 'UTC') COMMENT 'platform or relay time; charts and alerts go by it',
    platform        LowCardinality(String),
    post_id         String,
    version         UInt64 COMMENT 'revision of the post; a deletion has the highest there is',
    is_deleted      UInt8,
    created_at      DateTime64(3, 'UTC') COMMENT 'the claim of the author',
    received_at     DateTime64(3, 'UTC'),
    stored_at       DateTime64(3, 'UTC') DEFAULT now64(3),
    author          String COMMENT 'pseudonym; empty where unknown',
    lang            LowCardinality(String),
    text            String CODEC(ZSTD(3)),
    url             String CODEC(ZSTD(3)),
    reply_to        String,
    repost_of       String,
    quote_of        String,
    likes           UInt32,
    reposts         UInt32,
    replies         UInt32,
    quotes          UInt32,
    sentiment_score Float32 COMMENT 'in [-1, 1]; 0 where unread',
    sentiment_label LowCardinality(String) COMMENT 'negative, neutral, positive, or unread',
    sentiment_model LowCardinality(String) COMMENT 'empty where unread',
    calls Nested
    (
        action      LowCardinality(String),
        direction   LowCardinality(String),
        target      String,
        addressee   String,
        evidence    String,
        confidence  Float32
    )
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(observed_at)
ORDER BY (run, entity, observed_at, platform, post_id)
TTL toDateTime(observed_at) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live';
