-- The first minutes of an entity in which two runs differ, with the posts and calls of each, and in how
-- many they differ.
SELECT
    entity,
    minute,
    sumIf(posts, run = %(one)s),
    sumIf(posts, run = %(other)s),
    sumIf(calling_against + calling_for, run = %(one)s),
    sumIf(calling_against + calling_for, run = %(other)s),
    count() OVER ()
FROM total_prints
WHERE run IN (%(one)s, %(other)s)
GROUP BY entity, minute
HAVING sumIf(print, run = %(one)s) != sumIf(print, run = %(other)s)
ORDER BY minute, entity
LIMIT %(most)s
