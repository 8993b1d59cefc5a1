-- What each file of the run held, by the newest life of its producer; files are told when it finishes.
SELECT source, number, name, read, kept, filtered, deletions, arraySum(mapValues(dead_letters))
FROM run_files FINAL
WHERE run = %(run)s
    AND (source, started_at) IN
        (SELECT source, max(started_at) FROM runs WHERE run = %(run)s GROUP BY source)
ORDER BY source, number
