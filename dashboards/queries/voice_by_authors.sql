-- Which part of all authors speaks of each entity. One author may speak of several, so that the
-- shares may add up to more than the whole.
SELECT
    v.entity AS entity,
    v.speakers / nullIf(v.everybody, 0) AS share
FROM
(
    SELECT
        m.entity AS entity,
        uniqExactMerge(m.authors) AS speakers,
        grouping(m.entity) AS is_entity,
        max(speakers) OVER () AS everybody -- the union of all, which no entity has more of
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY m.entity WITH ROLLUP
) AS v
WHERE v.is_entity = 0
ORDER BY share DESC, entity
LIMIT 10
