-- When it was called for: mentions with such a call in each step, by action, against.
SELECT
    $__timeInterval(m.at) AS time,
    splitByChar(' ', call_name)[1] AS action,
    sum(posts_with) AS posts_calling
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
ARRAY JOIN
    mapKeys(m.calls) AS call_name,
    mapValues(m.calls) AS posts_with
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
  AND splitByChar(' ', call_name)[2] = 'against'
GROUP BY time, action
HAVING posts_calling > 0
ORDER BY time, action
