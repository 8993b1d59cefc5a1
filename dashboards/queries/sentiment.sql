-- How the mood of posts moved.
SELECT
    $__timeInterval(m.minute) AS time,
    sum(m.negative) AS negative_posts,
    sum(m.neutral) AS neutral_posts,
    sum(m.positive) AS positive_posts,
    sum(m.unsure) AS unsure_posts,
    sum(m.unread) AS unread_posts
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
