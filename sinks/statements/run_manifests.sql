-- What each life of each producer of a run went by, oldest first.
SELECT m.source, m.started_at, m.facts
FROM run_manifests AS m FINAL
WHERE m.run = %(run)s
ORDER BY m.source, m.started_at
