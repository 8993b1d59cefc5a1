-- What the crowd called for over time: posts per interval, by action and direction.
SELECT
    $__timeInterval(m.minute) AS time,
    action AS series,
    sum(posts_with) AS value
FROM reactions_by_minute AS m FINAL
ARRAY JOIN
    mapKeys(m.calls) AS action,
    mapValues(m.calls) AS posts_with
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
ORDER BY time, series
