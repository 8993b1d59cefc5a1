-- How many seconds what the alerts go by is behind; 0 where it is in time. Without it, silence would
-- read as calm. One row for what is stored of the live run, one for how far the watcher has judged.
-- A run that has ended, because its sources were stopped in good order, is not late.
-- Grafana reads strings as labels and the one number as the value.
WITH
    (
        SELECT max(w.observed_before)
        FROM run_watermarks AS w
        WHERE w.run = 'live' AND w.observed_before > toDateTime64(0, 3, 'UTC')
    ) AS stored_before,
    (
        SELECT max(w.is_finished)
        FROM run_watermarks AS w
        WHERE w.run = 'live'
    ) AS is_over,
    (
        SELECT min(t.changed_at)
        FROM thresholds AS t FINAL
    ) AS first_asked_at,
    (
        SELECT max(k.judged_before)
        FROM watch_marks AS k
        WHERE k.run = 'live'
    ) AS judged_before
SELECT
    s.part AS part,
    'late' AS signal,
    'critical' AS severity,
    toFloat64(if(ifNull(s.behind, 0) > {late_seconds}, assumeNotNull(s.behind), 0)) AS value
FROM
(
    SELECT
        'what is stored' AS part,
        if(is_over, 0, dateDiff('second', stored_before, now64(3, 'UTC'))) AS behind
    UNION ALL
    SELECT
        'what the watcher has judged' AS part,
        -- It cannot have judged before it was asked to, and judges minute by minute.
        dateDiff('second', greatest(toDateTime64(judged_before, 3, 'UTC'), first_asked_at), stored_before) - 60 AS behind
) AS s
WHERE stored_before > toDateTime64(0, 3, 'UTC')
  AND (SELECT count() FROM thresholds AS t FINAL) > 0
ORDER BY part
