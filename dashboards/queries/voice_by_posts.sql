-- Which part of all mentions each entity has.
SELECT
    m.entity AS entity,
    sum(m.posts) / sum(sum(m.posts)) OVER () AS share
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY m.entity
ORDER BY share DESC, entity
LIMIT 10
