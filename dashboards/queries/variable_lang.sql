-- The values of lang that the run has, the most frequent first.
SELECT m.lang AS lang
FROM reactions_by_day AS m FINAL
WHERE m.run = ${run:singlequote}
GROUP BY m.lang
ORDER BY sum(m.posts) DESC, lang
LIMIT 500
