-- How fast each hop of the run goes, by the clock of the sink: in the minute before the newest that it
-- stored, on the whole, and in its best minute. What producers read has no minutes: only a mean.
SELECT
    h.stage AS stage,
    h.source AS source,
    sum(h.records) AS records,
    if(any(h.is_whole), NULL, sumIf(h.records, h.stored_at > h.newest_at - toIntervalMinute(1)) / 60) AS last_rate,
    records / nullIf(greatest(1, dateDiff('millisecond', min(h.begun_at), max(h.newest_at)) / 1000), 0) AS mean_rate,
    if(any(h.is_whole), NULL, max(h.in_minute) / 60) AS highest_rate,
    max(h.newest_at) AS last_at
FROM
(
    SELECT
        concat('stored: ', replaceOne(l.stream, '-', ' ')) AS stage,
        l.source AS source,
        l.records AS records,
        l.stored_at AS stored_at,
        min(l.stored_at) OVER (PARTITION BY l.source, l.stream) AS begun_at,
        max(l.stored_at) OVER (PARTITION BY l.source, l.stream) AS newest_at,
        sum(l.records) OVER (PARTITION BY l.source, l.stream, toStartOfMinute(l.stored_at)) AS in_minute,
        0 AS is_whole
    FROM ledger AS l FINAL
    WHERE l.run = ${run:singlequote}
    UNION ALL
    SELECT
        'read by the producer' AS stage,
        s.source AS source,
        s.read AS records,
        s.reported_at AS stored_at,
        s.started_at AS begun_at,
        s.reported_at AS newest_at,
        0 AS in_minute,
        1 AS is_whole
    FROM
    (
        SELECT t.source AS source, argMax(t.read, t.reported_at) AS read, max(t.started_at) AS started_at, max(t.reported_at) AS reported_at
        FROM runs AS t
        WHERE t.run = ${run:singlequote}
        GROUP BY t.source, t.started_at
        ORDER BY t.started_at DESC
        LIMIT 1 BY t.source
    ) AS s
) AS h
GROUP BY stage, source
ORDER BY stage, source
LIMIT 100
