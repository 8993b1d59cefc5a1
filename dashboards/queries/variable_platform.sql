-- The values of platform that the run has, the most frequent first.
SELECT m.platform AS platform
FROM reactions_by_day AS m FINAL
WHERE m.run = ${run:singlequote}
GROUP BY m.platform
ORDER BY sum(m.posts) DESC, platform
LIMIT 500
