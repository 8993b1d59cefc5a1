-- What is called for: mentions with such a call, by action and direction.
SELECT
    splitByChar(' ', call_name)[1] AS action,
    splitByChar(' ', call_name)[2] AS direction,
    sum(posts_with) AS posts_calling
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
ARRAY JOIN
    mapKeys(m.calls) AS call_name,
    mapValues(m.calls) AS posts_with
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY action, direction
HAVING posts_calling > 0
ORDER BY posts_calling DESC, action, direction
LIMIT 20
