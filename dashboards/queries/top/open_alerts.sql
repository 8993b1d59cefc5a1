-- Which alerts are open at the end of the range, by entity; those about the run itself have none.
SELECT
    a.entity AS entity,
    arraySort(groupUniqArray(a.signal)) AS signals
FROM alerts AS a FINAL
WHERE a.run = ${run:singlequote}
  AND a.fired_at <= $__toTime + 1
  AND (a.ended_at IS NULL OR a.ended_at > $__toTime + 1)
GROUP BY entity
ORDER BY entity
