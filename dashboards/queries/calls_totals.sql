-- How many call for action, by how many people, and which part of everything that is. One row.
SELECT
    sum(m.calling) AS posts_calling,
    sum(m.calling_against) AS posts_against,
    sum(m.calling_for) AS posts_for,
    sum(m.calling) / nullIf(sum(m.posts), 0) AS share
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND $__timeFilter(m.minute)
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
