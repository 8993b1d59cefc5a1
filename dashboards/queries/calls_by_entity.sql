-- When a crowd called for action against each entity: posts per interval.
SELECT
    $__timeInterval(m.minute) AS time,
    m.entity AS series,
    sum(m.calling_against) AS value
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time, series
HAVING value > 0
ORDER BY time, series
