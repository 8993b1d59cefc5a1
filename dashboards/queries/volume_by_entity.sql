-- When each entity was talked about: posts per interval.
SELECT
    $__timeInterval(m.minute) AS time,
    m.entity AS series,
    sum(m.posts) AS value
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
ORDER BY time, series
