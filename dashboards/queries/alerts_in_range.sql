-- Alerts that last into the range, the newest first: marked on what is drawn over time, and
-- explained where somebody asks. One that lasts has no end yet.
SELECT
    a.started_at AS time,
    a.ended_at AS ended_at,
    a.id AS id,
    a.entity AS entity,
    a.signal AS signal,
    a.severity AS severity,
    a.fired_at AS fired_at,
    a.peak_at AS peak_at,
    a.value AS value,
    a.expected AS expected,
    a.peak_value AS peak_value,
    a.posts AS posts,
    a.term AS term,
    a.silence AS silence,
    a.explanation AS explanation
FROM alerts AS a FINAL
WHERE a.run = ${run:singlequote}
  AND a.started_at <= $__toTime
  AND ifNull(a.ended_at, $__toTime) >= $__fromTime
  AND (a.entity = '' OR $__conditionalAll(a.entity IN (${entity:singlequote}), $entity))
ORDER BY a.started_at DESC, a.id
LIMIT 100
