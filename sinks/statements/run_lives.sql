-- Every life of every producer of a run, oldest first: what it reported last, and how far it is stored.
SELECT
    r.source, r.started_at, r.reported_at, r.state, r.inputs, r.read, r.kept, r.filtered,
    r.deletions, r.dead_letters, r.resume_position, l.position,
    if(toUnixTimestamp(l.observed_before) = 0, NULL, l.observed_before)
FROM (SELECT * FROM runs FINAL WHERE run = %(run)s) AS r
LEFT JOIN (SELECT * FROM producer_lives WHERE run = %(run)s) AS l
    ON l.source = r.source AND l.started_at = r.started_at
ORDER BY r.source, r.started_at
