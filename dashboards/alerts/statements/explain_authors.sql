-- How many wrote the newest posts of a stretch, and how many the loudest of them wrote.
-- Posts whose author is unknown are left out of both.
SELECT
    sum(written) AS posts,
    count() AS authors,
    max(written) AS by_the_loudest
FROM
(
    SELECT author, count() AS written
    FROM
    (
        SELECT author
        FROM reactions FINAL
        WHERE run = %(run)s
          AND entity = %(entity)s
          AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
          AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
        ORDER BY observed_at DESC, platform, post_id
        LIMIT %(most)s
    )
    WHERE author != ''
    GROUP BY author
)
