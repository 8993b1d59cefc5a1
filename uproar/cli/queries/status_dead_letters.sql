-- What could not be used, over all runs.
SELECT stage, reason, count() AS letters, max(received_at) AS last_at
FROM dead_letters FINAL
WHERE replayed_at IS NULL
GROUP BY stage, reason
ORDER BY letters DESC
LIMIT 20
