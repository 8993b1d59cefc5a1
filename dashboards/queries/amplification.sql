-- How much of it is one voice repeated: per interval the share of reposts of all posts, of copies among
-- the newest 5 000, and of the loudest author among the newest 50 000 whose author is known.
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
        SELECT (minIf(n.minute, n.newer < 50000), minIf(n.minute, n.newer < 5000))
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
    ) AS newest_minutes
SELECT
    s.time AS time,
    sum(s.reposts) / nullIf(sum(s.posts), 0) AS repost_share,
    (sum(s.texts) - sum(s.prints)) / nullIf(sum(s.texts), 0) AS copies_share,
    sum(s.loudest) / nullIf(sum(s.known), 0) AS loudest_share
FROM
(
    SELECT
        $__timeInterval(m.at) AS time,
        sum(m.posts) AS posts, sum(m.reposts) AS reposts, 0 AS texts, 0 AS prints, 0 AS known, 0 AS loudest
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY time
    UNION ALL
    SELECT
        $__timeInterval(n.observed_at) AS time,
        0 AS posts, 0 AS reposts, count() AS texts, uniqExact(cityHash64(arrayStringConcat(splitByWhitespace(lowerUTF8(replaceRegexpAll(n.text, '(?:https?://|@)\\S+', ''))), ' '))) AS prints, 0 AS known, 0 AS loudest
    FROM
    (
        SELECT r.text, r.observed_at
        FROM reactions AS r FINAL
        WHERE r.run = ${run:singlequote}
          AND $__timeFilter(r.observed_at)
          AND r.observed_at >= newest_minutes.2
          AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
        ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
        LIMIT 5000
    ) AS n
    GROUP BY time
    UNION ALL
    SELECT
        a.time AS time,
        0 AS posts, 0 AS reposts, 0 AS texts, 0 AS prints, sum(a.posts) AS known, max(a.posts) AS loudest
    FROM
    (
        SELECT $__timeInterval(n.observed_at) AS time, n.author AS author, count() AS posts
        FROM
        (
            SELECT r.author, r.observed_at
            FROM reactions AS r FINAL
            WHERE r.run = ${run:singlequote}
              AND $__timeFilter(r.observed_at)
              AND r.observed_at >= newest_minutes.1
              AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
            ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
            LIMIT 50000
        ) AS n
        WHERE n.author != ''
        GROUP BY time, n.author
    ) AS a
    GROUP BY time
) AS s
GROUP BY time
ORDER BY time
