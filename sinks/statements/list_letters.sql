-- What could not be used, by run, stage and reason: how many, since when, with the newest example, and
-- how many of that kind were read again with success.
SELECT
    run, stage, reason,
    countIf(replayed_at IS NULL) AS letters,
    countIf(replayed_at IS NOT NULL) AS read_again,
    min(received_at) AS first_at,
    max(received_at) AS last_at,
    argMax(source, (replayed_at IS NULL, received_at)) AS example_source,
    argMax(position, (replayed_at IS NULL, received_at)) AS example_position,
    argMax(detail, (replayed_at IS NULL, received_at)) AS example_detail
FROM dead_letters FINAL
WHERE (empty(%(run)s) OR run = %(run)s) AND (empty(%(reason)s) OR reason = %(reason)s)
GROUP BY run, stage, reason
ORDER BY run, letters DESC, stage, reason
