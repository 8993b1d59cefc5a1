-- Up to which time everything is stored, per producer of a run and partition of a stream.
CREATE TABLE IF NOT EXISTS watermarks
(
    run             LowCardinality(String),
    source          String,
    stream          LowCardinality(String) COMMENT 'reactions or dead-letters',
    partition       UInt16,
    started_at      DateTime64(3, 'UTC') COMMENT 'when this life of the producer began',
    plan            SimpleAggregateFunction(anyLast, String) COMMENT 'what this life was asked to do',
    partitions      SimpleAggregateFunction(max, UInt16) COMMENT 'of each stream',
    observed_before SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    position        SimpleAggregateFunction(max, UInt64) COMMENT 'input records that are stored',
    is_last         SimpleAggregateFunction(max, UInt8),
    stored_at       SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (run, source, stream, partition, started_at);

-- One row a life of a producer. What it says of time, position and end holds for the slowest
-- partition; while a partition has not told yet, nothing is known of either: 1970, 0, false.
CREATE VIEW IF NOT EXISTS producer_lives AS
SELECT
    run,
    source,
    started_at,
    anyLast(told_plan) AS plan,
    countIf(stream = 'reactions') >= max(told_partitions) AS has_all_reactions,
    count() >= 2 * max(told_partitions) AS has_all,
    if(has_all_reactions, minIf(told_before, stream = 'reactions'), toDateTime64(0, 3, 'UTC'))
        AS observed_before,
    if(has_all, min(told_position), 0) AS position,
    has_all AND min(told_last) AS is_finished,
    max(told_at) AS stored_at
FROM
(
    SELECT
        run,
        source,
        started_at,
        stream,
        partition,
        anyLast(plan) AS told_plan,
        max(partitions) AS told_partitions,
        max(observed_before) AS told_before,
        max(position) AS told_position,
        max(is_last) AS told_last,
        max(stored_at) AS told_at
    FROM watermarks
    GROUP BY run, source, started_at, stream, partition
)
GROUP BY run, source, started_at;

-- The watermark of a run is that of its slowest unfinished producer in its newest life; of a run
-- whose producers have all finished, it is that of the last.
CREATE VIEW IF NOT EXISTS run_watermarks AS
SELECT
    run,
    if(min(source_finished), max(source_before), minIf(source_before, NOT source_finished))
        AS observed_before,
    toBool(min(source_finished)) AS is_finished,
    max(source_stored_at) AS stored_at
FROM
(
    SELECT
        run,
        source,
        argMax(observed_before, started_at) AS source_before,
        argMax(is_finished, started_at) AS source_finished,
        max(stored_at) AS source_stored_at
    FROM producer_lives
    GROUP BY run, source
)
GROUP BY run;
