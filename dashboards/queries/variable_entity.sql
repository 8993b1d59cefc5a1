-- The values of entity that the run has, the most frequent first.
SELECT m.entity AS entity
FROM reactions_by_day AS m FINAL
WHERE m.run = ${run:singlequote}
GROUP BY m.entity
ORDER BY sum(m.posts) DESC, entity
LIMIT 500
