-- How much was said, told apart by whether a post speaks for itself or repeats another.
SELECT
    $__timeInterval(m.minute) AS time,
    sum(m.posts) - sum(m.reposts) AS originals,
    sum(m.reposts) AS repeats
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY time
ORDER BY time
