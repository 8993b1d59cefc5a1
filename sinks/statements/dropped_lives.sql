-- The newest life of each producer that was known when its run was dropped, of the runs asked for.
SELECT run, source, max(started_at)
FROM dropped_runs
WHERE run IN %(runs)s
GROUP BY run, source
