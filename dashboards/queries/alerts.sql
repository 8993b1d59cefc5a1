-- What was announced of the range, what goes on first. A share is written in per cent.
SELECT
    concat(if(a.ended_at IS NULL OR a.ended_at > $__toTime, 'open', 'ended'), if(a.silence = '', '', concat(', ', a.silence))) AS state,
    a.entity AS entity,
    a.signal AS signal,
    a.severity AS severity,
    a.started_at AS started_at,
    if(state LIKE 'open%', NULL, a.ended_at) AS ended_at,
    multiIf(endsWith(a.signal, '_share'), ' %', a.signal = 'new_term', ' authors', a.signal = 'late', ' s', ' posts') AS unit,
    if(endsWith(a.signal, '_share'), 100, 1) AS factor,
    concat(toString(round(a.value * factor, 1)), unit) AS seen,
    concat(toString(round(a.expected * factor, 1)), unit) AS limit,
    concat(toString(round(a.peak_value * factor, 1)), unit) AS peak,
    a.term AS term,
    a.id AS id
FROM alerts AS a FINAL
WHERE a.run = ${run:singlequote}
  AND a.fired_at <= $__toTime
  AND (a.ended_at IS NULL OR a.ended_at >= $__fromTime)
  AND (a.entity = '' OR $__conditionalAll(a.entity IN (${entity:singlequote}), $entity))
ORDER BY state LIKE 'open%' DESC, a.started_at DESC, a.entity, a.signal, a.id
LIMIT 100
