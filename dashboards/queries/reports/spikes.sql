-- Stretches in which the watcher found far more than it expected.
SELECT
    s.entity AS entity,
    s.started_at AS started_at,
    s.peak_at AS peak_at,
    s.ended_at AS ended_at,
    s.posts AS mentions,
    s.expected AS expected,
    s.peak_posts AS peak_mentions
FROM spikes AS s FINAL
WHERE s.run = ${run:singlequote}
  AND s.started_at <= $__toTime
  AND ifNull(s.ended_at, $__toTime) >= $__fromTime
  AND $__conditionalAll(s.entity IN (${entity:singlequote}), $entity)
ORDER BY s.posts - s.expected DESC, started_at, entity
LIMIT 12
