-- How much was said of each entity in each step of the range; steps without a mention have no row.
SELECT
    m.entity AS entity,
    $__timeInterval(m.at) AS time,
    sum(m.posts) AS mentions,
    sum(m.calling_against) AS posts_against
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY entity, time
ORDER BY entity, time
