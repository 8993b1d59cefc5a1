-- Where to cut a run so that each stretch holds about 100,000 mentions: the first minute of each.
SELECT min(s.minute) AS starts_at
FROM
(
    SELECT
        m.minute AS minute,
        intDiv(sum(sum(m.posts)) OVER (ORDER BY m.minute ASC), 100000) AS stretch
    FROM reactions_by_minute AS m FINAL
    WHERE m.run = ${run:singlequote}
      AND m.minute >= toStartOfMinute($__fromTime)
      AND m.minute < $__toTime
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
    GROUP BY m.minute
) AS s
GROUP BY s.stretch
ORDER BY starts_at
