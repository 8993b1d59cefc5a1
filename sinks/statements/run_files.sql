-- The files of a run, by the newest life of each producer that has told of its own.
SELECT
    f.source, f.number, f.name, f.format, f.size_bytes, f.sha256, f.read, f.kept, f.filtered,
    f.deletions, f.dead_letters
FROM run_files AS f FINAL
WHERE f.run = %(run)s
    AND (f.source, f.started_at) IN
        (SELECT source, max(started_at) FROM run_files WHERE run = %(run)s GROUP BY source)
ORDER BY f.source, f.number
