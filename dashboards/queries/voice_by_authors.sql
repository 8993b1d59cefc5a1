-- Which part of all authors speaks of each entity. One author may speak of several, so that the
-- shares may add up to more than the whole.
SELECT
    m.entity AS entity,
    uniqExactMerge(m.authors)
        / (
            SELECT nullIf(uniqExactMerge(m.authors), 0)
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND $__timeFilter(m.minute)
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
        ) AS share
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY m.entity
ORDER BY share DESC, entity
LIMIT 10
