-- What the crowd called for over time: posts per interval, by action and direction.
SELECT
    $__timeInterval(m.at) AS time,
    action AS series,
    sum(posts_with) AS value
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
ARRAY JOIN
    mapKeys(m.calls) AS action,
    mapValues(m.calls) AS posts_with
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
ORDER BY time, series
