-- Each life of each producer: its newest report, its plan and how far it is stored, oldest first.
SELECT
    r.source, r.started_at, r.state, r.read, r.kept, r.filtered, r.deletions,
    arraySum(mapValues(r.dead_letters)), r.resume_position, r.resumed, r.sent, l.plan, l.position,
    l.is_finished
FROM (SELECT * FROM runs FINAL WHERE run = %(run)s) AS r
LEFT JOIN (SELECT * FROM producer_lives WHERE run = %(run)s) AS l
    ON l.source = r.source AND l.started_at = r.started_at
ORDER BY r.source, r.started_at
