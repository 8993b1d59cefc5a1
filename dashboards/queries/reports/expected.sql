-- What the detector expected of each entity in each step, where a watcher has judged the run.
SELECT
    e.entity AS entity,
    $__timeInterval(e.minute) AS time,
    sum(e.expected) AS expected
FROM expected_by_minute AS e FINAL
WHERE e.run = ${run:singlequote}
  AND $__timeFilter(e.minute)
  AND $__conditionalAll(e.entity IN (${entity:singlequote}), $entity)
GROUP BY entity, time
ORDER BY entity, time
