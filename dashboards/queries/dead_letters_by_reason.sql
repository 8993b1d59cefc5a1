-- What could not be used and why, with the newest example of each, over the whole run.
SELECT
    d.stage AS stage,
    d.reason AS reason,
    count() AS letters,
    max(d.received_at) AS last_at,
    concat(argMax(d.source, d.received_at), ':', toString(argMax(d.position, d.received_at))) AS newest_place,
    argMax(d.detail, d.received_at) AS newest_detail
FROM dead_letters AS d FINAL
WHERE d.run = ${run:singlequote} AND d.replayed_at IS NULL
GROUP BY stage, reason
ORDER BY letters DESC, stage, reason
LIMIT 50
