-- Of each threshold that has ever had an alert in a run: the last one, and since when one lasts.
SELECT
    entity,
    signal,
    severity,
    max(fired_at) AS last_fired_at,
    argMax(id, fired_at) AS last_id,
    minIf(started_at, ended_at IS NULL) AS lasting_since,
    countIf(ended_at IS NULL) AS lasting
FROM alerts FINAL
WHERE run = %(run)s
GROUP BY entity, signal, severity
ORDER BY entity, signal, severity
