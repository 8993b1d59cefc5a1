-- Which part of the posts with a sure mood is negative, and which part of all no model judges.
SELECT
    $__timeInterval(m.at) AS time,
    sum(m.negative) / nullIf(sum(m.posts) - sum(m.unread) - sum(m.unsure), 0) AS negative_share,
    (sum(m.unread) + sum(m.unsure)) / sum(m.posts) AS abstain_share
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
