-- Exact totals of reactions. Never added to: the minutes that a batch touched are computed anew
-- from reactions FINAL, so a repeat, an edit or a deletion leaves them right.
CREATE TABLE IF NOT EXISTS reactions_by_minute
(
    run             LowCardinality(String),
    entity          LowCardinality(String),
    minute          DateTime('UTC'),
    platform        LowCardinality(String),
    lang            LowCardinality(String),
    posts           UInt64,
    reposts         UInt64 COMMENT 'of posts, those that repeat another',
    authors         AggregateFunction(uniqExact, String) COMMENT 'read with uniqExactMerge',
    negative        UInt64,
    neutral         UInt64,
    positive        UInt64,
    unread          UInt64 COMMENT 'posts whose sentiment no model reads',
    sentiment_sum   Int64 COMMENT 'sum of scores times 10 000: integers add up alike in any order',
    calling         UInt64 COMMENT 'posts with at least one call to action',
    calling_against UInt64,
    calling_for     UInt64,
    calls           Map(LowCardinality(String), UInt64) COMMENT 'posts by "action direction"',
    version         UInt64 COMMENT 'server time in microseconds, before the rows were looked at',
    is_deleted      UInt8 COMMENT '1 where nothing is left of what was counted'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(minute)
ORDER BY (run, entity, minute, platform, lang);
