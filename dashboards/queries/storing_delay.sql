-- How long a post takes from its receipt by a producer to its row in the table.
SELECT
    $__timeInterval(r.observed_at) AS time,
    quantile(0.5)(dateDiff('millisecond', r.received_at, r.stored_at)) / 1000 AS median_seconds,
    quantile(0.95)(dateDiff('millisecond', r.received_at, r.stored_at)) / 1000 AS late_seconds
FROM reactions AS r FINAL
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
GROUP BY time
ORDER BY time
