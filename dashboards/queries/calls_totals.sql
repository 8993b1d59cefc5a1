-- How many call for action, by how many people, and which part of everything that is. One row.
SELECT
    sum(m.calling) AS posts_calling,
    sum(m.calling_against) AS posts_against,
    sum(m.calling_for) AS posts_for,
    sum(m.calling) / nullIf(sum(m.posts), 0) AS share
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
