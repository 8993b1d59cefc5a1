-- What could not be used and why, over the whole run.
SELECT
    d.stage AS stage,
    d.reason AS reason,
    count() AS letters
FROM dead_letters AS d FINAL
WHERE d.run = ${run:singlequote} AND d.replayed_at IS NULL
GROUP BY stage, reason
ORDER BY letters DESC, stage, reason
LIMIT 12
