-- On which platforms it was said.
SELECT
    m.platform AS platform,
    sum(m.posts) AS mentions
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY m.platform
ORDER BY mentions DESC, platform
LIMIT 10
