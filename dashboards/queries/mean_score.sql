-- The mean sentiment score of the posts that a model reads.
SELECT
    $__timeInterval(m.minute) AS time,
    sum(m.sentiment_sum) / 10000 / nullIf(sum(m.posts) - sum(m.unread), 0) AS mean_score
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
