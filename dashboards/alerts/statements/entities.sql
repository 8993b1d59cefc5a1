-- Who is mentioned in a run.
SELECT DISTINCT entity
FROM reactions_by_day
WHERE run = %(run)s
ORDER BY entity
