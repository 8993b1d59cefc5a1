-- How far the run is judged for alerts, and by how many thresholds, which hold for every run. One row.
WITH
    (
        SELECT (count() > 0, max(w.judged_before), max(w.judged_at))
        FROM watch_marks AS w
        WHERE w.run = ${run:singlequote}
    ) AS judged,
    (
        SELECT if(count() = 0, NULL, nullIf(max(k.observed_before), toDateTime64(0, 3, 'UTC')))
        FROM run_watermarks AS k
        WHERE k.run = ${run:singlequote}
    ) AS watermark
SELECT
    if(judged.1, judged.2, NULL) AS judged_before,
    if(judged.1, greatest(0, dateDiff('second', judged.2, watermark)), NULL) AS unjudged_seconds,
    if(judged.1, judged.3, NULL) AS judged_at,
    (
        SELECT count()
        FROM thresholds AS t FINAL
    ) AS thresholds,
    (
        SELECT countIf(a.ended_at IS NULL)
        FROM alerts AS a FINAL
        WHERE a.run = ${run:singlequote}
    ) AS open_alerts
