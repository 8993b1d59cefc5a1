-- Up to when each partition of each stream is stored; the oldest holds the run back.
SELECT
    w.stream AS stream,
    w.source AS source,
    w.partition AS partition,
    max(w.observed_before) AS watermark,
    argMax(w.position, w.started_at) AS position,
    argMax(w.is_last, w.started_at) AS is_last,
    max(w.stored_at) AS stored_at,
    dateDiff('millisecond', watermark, max(max(w.observed_before)) OVER (PARTITION BY w.source)) / 1000 AS behind_seconds,
    if(is_last, NULL, greatest(0, dateDiff('millisecond', stored_at, now64(3, 'UTC')) / 1000)) AS silent_seconds
FROM
(
    SELECT
        t.stream AS stream,
        t.source AS source,
        t.partition AS partition,
        t.started_at AS started_at,
        max(t.observed_before) AS observed_before,
        max(t.position) AS position,
        max(t.is_last) AS is_last,
        max(t.stored_at) AS stored_at
    FROM watermarks AS t
    WHERE t.run = ${run:singlequote}
    GROUP BY stream, source, partition, started_at
) AS w
GROUP BY stream, source, partition
ORDER BY watermark, stream, source, partition
LIMIT 200
