-- Which entities have rows in a run.
SELECT DISTINCT entity
FROM reactions FINAL
WHERE run = %(run)s
ORDER BY entity
