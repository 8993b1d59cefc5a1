-- Where an interrupted replay goes on: the input record before which each of the partitions of
-- both streams has stored everything. 0 when the newest life of the producer came to its end, or
-- when a partition has not told yet.
SELECT if(count() < %(parts)s OR min(is_finished), 0, min(position_then))
FROM
(
    SELECT
        stream,
        partition,
        argMax(life_position, started_at) AS position_then,
        argMax(life_finished, started_at) AS is_finished
    FROM
    (
        SELECT
            stream,
            partition,
            started_at,
            max(position) AS life_position,
            max(is_last) AS life_finished
        FROM watermarks
        WHERE run = %(run)s AND source = %(source)s
        GROUP BY stream, partition, started_at
    )
    GROUP BY stream, partition
)
