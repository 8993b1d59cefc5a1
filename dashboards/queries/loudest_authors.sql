-- Who says most of the newest 50 000 posts, and which part of them that is: is it a crowd or a few?
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
              AND $__conditionalAll(d.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(d.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(d.lang IN (${lang:singlequote}), $lang)
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
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
            GROUP BY m.minute
        ) AS n
        WHERE n.newer < 50000
    ) AS newest_minute
SELECT
    n.author AS author,
    count() AS mentions,
    count() / sum(count()) OVER () AS share,
    countIf(n.is_against) AS posts_against,
    avgOrNullIf(n.score, n.is_read) AS mean_score
FROM
(
    SELECT r.author, has(r.calls.direction, 'against') AS is_against, r.sentiment_score AS score, r.sentiment_label != 'unread' AS is_read
    FROM reactions AS r FINAL
    WHERE r.run = ${run:singlequote}
      AND $__timeFilter(r.observed_at)
      AND r.observed_at >= newest_minute
      AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
    ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
    LIMIT 50000
) AS n
WHERE n.author != ''
GROUP BY n.author
ORDER BY mentions DESC, author
LIMIT 20
