-- Totals of an alert's stretch (`is_now`) and of the 24 hours before it.
SELECT
    minute >= toDateTime(%(since)s, 'UTC') AS is_now,
    sum(posts) AS all_posts,
    sum(reposts) AS all_reposts,
    sum(negative) + sum(neutral) + sum(positive) AS sure,
    sum(negative) AS surely_negative,
    sum(sentiment_sum) / 10000 AS score_sum,
    sum(posts) - sum(unread) AS read_posts,
    sumMap(calls) AS calls_by_action,
    sumMap(map(toString(platform), posts)) AS by_platform,
    sumMap(map(toString(lang), posts)) AS by_lang
FROM reactions_by_minute FINAL
WHERE run = %(run)s
  AND entity = %(entity)s
  AND minute >= toDateTime(%(since)s - 86400, 'UTC')
  AND minute < toDateTime(%(until)s, 'UTC')
GROUP BY is_now
