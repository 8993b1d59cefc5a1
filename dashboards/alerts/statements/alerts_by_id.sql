-- Alerts whose id begins with some letters.
SELECT
    run, id, threshold, term, started_at, fired_at, peak_at, ended_at, value, expected, peak_value,
    posts, silence, explanation, judged_at
FROM alerts FINAL
WHERE startsWith(id, %(prefix)s)
ORDER BY fired_at, id
LIMIT 20
