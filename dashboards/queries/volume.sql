-- How much was said, told apart by whether a post speaks for itself or repeats another.
SELECT
    $__timeInterval(m.at) AS time,
    sum(m.posts) - sum(m.reposts) AS originals,
    sum(m.reposts) AS repeats
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
