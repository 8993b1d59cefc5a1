-- Remember the lives of a run that is about to be dropped.
INSERT INTO dropped_runs (run, source, started_at, dropped_at)
SELECT run, source, max(started_at), now64(3)
FROM
(
    SELECT run, source, started_at FROM runs WHERE run = %(run)s
    UNION ALL
    SELECT run, source, started_at FROM ledger WHERE run = %(run)s
    UNION ALL
    SELECT run, source, started_at FROM watermarks WHERE run = %(run)s
    UNION ALL
    SELECT run, source, started_at FROM run_manifests WHERE run = %(run)s
)
GROUP BY run, source
