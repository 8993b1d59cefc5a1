-- Which runs were dropped, and the newest life of each of their producers then: what is still in Kafka of
-- these lives, and of earlier ones, is not stored any more. A later life may use the name again.
CREATE TABLE IF NOT EXISTS dropped_runs
(
    run        LowCardinality(String),
    source     String,
    started_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'of the newest life that was known',
    dropped_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (run, source);
