-- When each entity was talked about: posts per interval.
SELECT
    $__timeInterval(m.at) AS time,
    m.entity AS series,
    sum(m.posts) AS value
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
ORDER BY time, series
