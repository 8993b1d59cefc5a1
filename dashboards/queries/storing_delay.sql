-- How long the newest 50 000 posts took from their receipt by a producer to their row in the table.
WITH
    (
        SELECT min(n.day)
        FROM
        (
            SELECT
                d.day AS day,
                sum(sumIf(d.posts, d.day + 86399 <= $__toTime)) OVER (ORDER BY d.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_day AS d FINAL
            WHERE d.run = ${run:singlequote}
              AND d.day >= toStartOfDay($__fromTime, 'UTC')
              AND d.day <= $__toTime
            GROUP BY d.day
        ) AS n
        WHERE n.newer < 50000
    ) AS newest_day,
    (
        SELECT min(n.minute)
        FROM
        (
            SELECT
                m.minute AS minute,
                sum(sum(m.posts)) OVER (ORDER BY m.minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND m.minute >= newest_day
              AND $__timeFilter(m.minute)
            GROUP BY m.minute
        ) AS n
        WHERE n.newer < 50000
    ) AS newest_minute
SELECT
    $__timeInterval(n.observed_at) AS time,
    quantile(0.5)(n.milliseconds) / 1000 AS median_seconds,
    quantile(0.95)(n.milliseconds) / 1000 AS late_seconds
FROM
(
    SELECT r.observed_at, dateDiff('millisecond', r.received_at, r.stored_at) AS milliseconds
    FROM reactions AS r FINAL
    WHERE r.run = ${run:singlequote}
      AND $__timeFilter(r.observed_at)
      AND r.observed_at >= newest_minute
    ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
    LIMIT 50000
) AS n
GROUP BY time
ORDER BY time
