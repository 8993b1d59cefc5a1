-- What each life of a producer went by, newest first: in it stand the names of entities.
SELECT m.facts AS facts
FROM run_manifests AS m FINAL
WHERE m.run = ${run:singlequote}
ORDER BY m.started_at DESC, m.source
LIMIT 5
