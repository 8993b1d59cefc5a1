-- On which days posts of a run were observed, oldest first.
SELECT DISTINCT toDate(observed_at) AS day
FROM reactions FINAL
WHERE run = %(run)s
ORDER BY day
