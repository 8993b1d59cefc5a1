-- How far behind the run is stored, in time and in records. A producer's lives count by themselves, for
-- each starts to count anew; a pack that was stored twice counts once. One row.
WITH
    (
        SELECT (count() > 0, max(w.observed_before), max(w.stored_at), max(w.is_finished))
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS mark,
    (
        SELECT sum(l.sent)
        FROM
        (
            SELECT argMax(s.sent, s.reported_at) AS sent
            FROM runs AS s
            WHERE s.run = ${run:singlequote}
            GROUP BY s.source, s.started_at
        ) AS l
    ) AS sent,
    (
        SELECT sum(p.records)
        FROM
        (
            SELECT max(g.read) AS records
            FROM ledger AS g
            WHERE g.run = ${run:singlequote} AND g.stage = 'streams'
            GROUP BY g.source, g.started_at, g.partition, g.number
        ) AS p
    ) AS stored
SELECT
    if(mark.1, nullIf(mark.2, toDateTime64(0, 3, 'UTC')), NULL) AS watermark,
    if(${run:singlequote} = 'live' AND watermark IS NOT NULL, greatest(0, dateDiff('millisecond', watermark, now64(3, 'UTC')) / 1000), NULL) AS behind_seconds,
    if(mark.1 AND NOT mark.4, greatest(0, dateDiff('millisecond', mark.3, now64(3, 'UTC')) / 1000), NULL) AS silent_seconds,
    sent AS sent_records,
    stored AS stored_records,
    greatest(0, toInt64(sent) - toInt64(stored)) AS waiting_records
