-- The totals of reactions_by_minute by hour and by day, for long ranges. They are computed anew from
-- the finer ones for what a batch touched, in the same write, and are exact as those are.
CREATE TABLE IF NOT EXISTS reactions_by_hour
(
    run             LowCardinality(String),
    entity          LowCardinality(String),
    hour            DateTime('UTC'),
    platform        LowCardinality(String),
    lang            LowCardinality(String),
    posts           UInt64,
    reposts         UInt64 COMMENT 'of posts, those that repeat another',
    authors         AggregateFunction(uniqExact, String) COMMENT 'read with uniqExactMerge',
    negative        UInt64 COMMENT 'surely so, as neutral and positive are',
    neutral         UInt64,
    positive        UInt64,
    unsure          UInt64 COMMENT 'posts that the model read, but is not sure of',
    unread          UInt64 COMMENT 'posts whose sentiment no model reads',
    sentiment_sum   Int64 COMMENT 'sum of scores times 10 000',
    calling         UInt64 COMMENT 'posts with at least one call to action',
    calling_against UInt64,
    calling_for     UInt64,
    calls           Map(LowCardinality(String), UInt64) COMMENT 'posts by "action direction"',
    version         UInt64 COMMENT 'server time in microseconds, before the minutes were looked at',
    is_deleted      UInt8 COMMENT '1 where nothing is left of what was counted'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYear(hour)
ORDER BY (run, entity, hour, platform, lang)
TTL toDateTime(hour) + INTERVAL {retention_days} DAY + INTERVAL 1 HOUR DELETE WHERE run = 'live'
SETTINGS index_granularity = 512;
CREATE TABLE IF NOT EXISTS reactions_by_day
(
    run             LowCardinality(String),
    entity          LowCardinality(String),
    day             DateTime('UTC') COMMENT 'its first second',
    platform        LowCardinality(String),
    lang            LowCardinality(String),
    posts           UInt64,
    reposts         UInt64 COMMENT 'of posts, those that repeat another',
    authors         AggregateFunction(uniqExact, String) COMMENT 'read with uniqExactMerge',
    negative        UInt64 COMMENT 'surely so, as neutral and positive are',
    neutral         UInt64,
    positive        UInt64,
    unsure          UInt64 COMMENT 'posts that the model read, but is not sure of',
    unread          UInt64 COMMENT 'posts whose sentiment no model reads',
    sentiment_sum   Int64 COMMENT 'sum of scores times 10 000',
    calling         UInt64 COMMENT 'posts with at least one call to action',
    calling_against UInt64,
    calling_for     UInt64,
    calls           Map(LowCardinality(String), UInt64) COMMENT 'posts by "action direction"',
    version         UInt64 COMMENT 'server time in microseconds, before the hours were looked at',
    is_deleted      UInt8 COMMENT '1 where nothing is left of what was counted'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYear(day)
ORDER BY (run, entity, day, platform, lang)
TTL toDateTime(day) + INTERVAL {retention_days} DAY + INTERVAL 1 DAY DELETE WHERE run = 'live'
SETTINGS index_granularity = 512;

-- Those that call for action, a few in a hundred, so that a long range of them is read at once.
CREATE TABLE IF NOT EXISTS calling_reactions
(
    run         LowCardinality(String),
    entity      LowCardinality(String),
    observed_at DateTime64(3, 'UTC'),
    platform    LowCardinality(String),
    post_id     String,
    version     UInt64 COMMENT 'server time in microseconds, before the reactions were looked at',
    is_deleted  UInt8 COMMENT '1 where the reaction is gone or calls for nothing any more',
    author      String COMMENT 'pseudonym; empty where unknown',
    lang        LowCardinality(String),
    calls Nested
    (
        action      LowCardinality(String),
        direction   LowCardinality(String),
        addressee   String,
        evidence    String,
        confidence  Float32
    )
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYear(observed_at)
ORDER BY (run, entity, observed_at, platform, post_id)
TTL toDateTime(observed_at) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live'
SETTINGS index_granularity = 1024;
