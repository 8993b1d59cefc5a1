-- The first alerts of a run, in order of time: what was seen when each fired, and the highest after it.
SELECT
    entity, signal, severity, term, fired_at, value, expected, peak_at, peak_value, ended_at
FROM alerts FINAL
WHERE run = %(run)s
ORDER BY fired_at, entity, signal
LIMIT 20
