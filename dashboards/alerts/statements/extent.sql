-- The first and the last minute of a run in which anything was said, if any.
SELECT count() > 0, min(minute), max(minute)
FROM reactions_by_minute
WHERE run = %(run)s
