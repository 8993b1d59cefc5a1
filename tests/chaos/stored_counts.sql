-- What the producer of a run says of its input.
SELECT read, kept, filtered, deletions, dead_letters
FROM run_sources
WHERE run = %(run)s
