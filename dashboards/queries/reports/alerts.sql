-- What was announced in the range, oldest first.
SELECT
    a.entity AS entity,
    a.signal AS signal,
    a.severity AS severity,
    a.started_at AS started_at,
    a.fired_at AS fired_at,
    a.ended_at AS ended_at,
    a.value AS value,
    a.expected AS expected,
    a.peak_value AS peak_value,
    a.term AS term,
    a.silence AS silence
FROM alerts AS a FINAL
WHERE a.run = ${run:singlequote}
  AND a.started_at <= $__toTime
  AND ifNull(a.ended_at, $__toTime) >= $__fromTime
  AND $__conditionalAll((a.entity IN (${entity:singlequote}) OR a.entity = ''), $entity)
ORDER BY fired_at, entity, signal, severity
LIMIT 1000
