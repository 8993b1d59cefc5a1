-- What the detector expects of a minute of each entity, as it judged the newest of the range.
SELECT
    e.entity AS entity,
    argMax(e.expected, e.minute) AS expected
FROM expected_by_minute AS e FINAL
WHERE e.run = ${run:singlequote}
  AND e.minute >= $__fromTime
  AND e.minute <= $__toTime
GROUP BY entity
