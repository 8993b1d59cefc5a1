-- Up to which time everything is stored, per producer of a run and partition of a stream.
CREATE TABLE IF NOT EXISTS watermarks
(
    run             LowCardinality(String),
    source          String,
    stream          LowCardinality(String) COMMENT 'reactions or dead-letters',
    partition       UInt16,
    started_at      DateTime64(3, 'UTC') COMMENT 'when this life of the producer began',
    observed_before SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    position        SimpleAggregateFunction(max, UInt64) COMMENT 'input records that are stored',
    is_last         SimpleAggregateFunction(max, UInt8),
    stored_at       SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (run, source, stream, partition, started_at);

-- The watermark of a run is that of its slowest unfinished producer and partition; of a run whose
-- producers have all finished, it is that of the last.
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
        min(partition_before) AS source_before,
        min(partition_finished) AS source_finished,
        max(partition_stored_at) AS source_stored_at
    FROM
    (
        SELECT
            run,
            source,
            partition,
            max(observed_before) AS partition_before,
            argMax(is_last, started_at) AS partition_finished,
            max(stored_at) AS partition_stored_at
        FROM (
            SELECT run, source, partition, started_at, max(observed_before) AS observed_before,
                   max(is_last) AS is_last, max(stored_at) AS stored_at
            FROM watermarks
            WHERE stream = 'reactions'
            GROUP BY run, source, partition, started_at
        )
        GROUP BY run, source, partition
    )
    GROUP BY run, source
)
GROUP BY run;
