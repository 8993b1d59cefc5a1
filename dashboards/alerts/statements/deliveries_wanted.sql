-- Alerts of some runs that were judged lately and may be delivered, the newest where they are many.
SELECT
    run, id, threshold, term, started_at, fired_at, peak_at, ended_at, value, expected, peak_value,
    posts, silence, explanation, judged_at
FROM alerts FINAL
WHERE (run IN %(runs)s OR %(any_run)s)
  AND silence = ''
  AND judged_at >= toDateTime64(%(since)s, 3, 'UTC')
ORDER BY judged_at DESC, fired_at DESC, id
LIMIT 2000
