-- The stretch before an alert's with which its words are compared: of the day before, or as long as the
-- alert's own, the last minutes, until they hold `most_before` posts.
SELECT toUnixTimestamp(min(minute)) AS baseline_since, sum(minute_posts) AS baseline_posts
FROM
(
    SELECT
        minute,
        sum(posts) AS minute_posts,
        sum(minute_posts) OVER (ORDER BY minute DESC) AS posts_from_here
    FROM reactions_by_minute FINAL
    WHERE run = %(run)s
      AND entity = %(entity)s
      AND minute >= toDateTime(%(before)s, 'UTC')
      AND minute < toDateTime(%(since)s, 'UTC')
    GROUP BY minute
)
WHERE posts_from_here - minute_posts < %(most_before)s
