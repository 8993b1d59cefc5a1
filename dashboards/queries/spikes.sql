-- Stretches of the range in which far more was said than expected, the newest first.
SELECT
    if(s.ended_at IS NULL OR s.ended_at > $__toTime, 'open', 'ended') AS state,
    s.entity AS entity,
    s.started_at AS started_at,
    s.ended_at AS ended_at,
    s.posts AS posts,
    s.expected AS posts_expected,
    s.posts / nullIf(s.expected, 0) AS times_expected,
    s.peak_at AS peak_at,
    s.peak_posts AS peak_posts,
    s.score AS standing_out
FROM spikes AS s FINAL
WHERE s.run = ${run:singlequote}
  AND s.started_at <= $__toTime
  AND (s.ended_at IS NULL OR s.ended_at >= $__fromTime)
  AND $__conditionalAll(s.entity IN (${entity:singlequote}), $entity)
ORDER BY s.started_at DESC, s.entity
LIMIT 100
