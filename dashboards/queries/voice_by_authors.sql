-- Which part of the authors each entity has, each author counted once for each entity spoken of.
SELECT
    m.entity AS entity,
    uniqExactMerge(m.authors) / nullIf(sum(uniqExactMerge(m.authors)) OVER (), 0) AS share
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY m.entity
ORDER BY share DESC, entity
LIMIT 10
