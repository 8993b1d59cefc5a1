-- How the mood moved, step by step.
SELECT
    $__timeInterval(m.at) AS time,
    sum(m.negative) AS negative_posts,
    sum(m.neutral) AS neutral_posts,
    sum(m.positive) AS positive_posts,
    sum(m.unsure) AS unsure_posts,
    sum(m.unread) AS unread_posts
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
