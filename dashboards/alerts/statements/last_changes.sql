-- The last change of each threshold that there ever was: who made it, and what it left.
SELECT
    entity,
    signal,
    severity,
    argMax(origin, version) AS last_origin,
    argMax(after, version) AS last_after
FROM threshold_changes FINAL
GROUP BY entity, signal, severity
ORDER BY entity, signal, severity
