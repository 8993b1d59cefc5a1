-- What the watcher knows of each entity of a run, and as of when.
SELECT entity, judged_before, state
FROM watch_states FINAL
WHERE run = %(run)s
