-- What was said of each entity in each minute of the range; minutes without a mention have no row.
SELECT
    m.entity AS entity,
    m.minute AS minute,
    sum(m.posts) AS mentions,
    sum(m.negative) AS negative_posts,
    sum(m.negative) + sum(m.neutral) + sum(m.positive) AS sure_posts,
    sum(m.calling_against) AS posts_against
FROM reactions_by_minute AS m FINAL
WHERE m.run = ${run:singlequote}
  AND m.minute >= $__fromTime
  AND m.minute <= $__toTime
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
GROUP BY entity, minute
ORDER BY entity, minute
