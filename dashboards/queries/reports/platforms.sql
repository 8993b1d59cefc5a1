-- On which platforms it was said, and how many of those posts called for action against.
SELECT
    m.platform AS name,
    sum(m.posts) AS mentions,
    sum(m.calling_against) AS posts_against
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY name
ORDER BY mentions DESC, name
LIMIT 100
