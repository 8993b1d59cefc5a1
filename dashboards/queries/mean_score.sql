-- The mean sentiment score of the posts that a model reads.
SELECT
    $__timeInterval(m.at) AS time,
    sum(m.sentiment_sum) / 10000 / nullIf(sum(m.posts) - sum(m.unread), 0) AS mean_score
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
