-- When a crowd called for action against each entity: posts per interval.
SELECT
    $__timeInterval(m.at) AS time,
    m.entity AS series,
    sum(m.calling_against) AS value
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
HAVING value > 0
ORDER BY time, series
