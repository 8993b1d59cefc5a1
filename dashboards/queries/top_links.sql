-- The links that the newest 5 000 posts of the range share most; each counts once in a post.
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
        WHERE n.newer < 5000
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
        WHERE n.newer < 5000
    ) AS newest_minute
SELECT
    term,
    count() AS posts_with,
    uniqExactIf(n.author, n.author != '') AS unique_authors,
    count() / any(n.posts_read) AS share
FROM
(
    SELECT p.text AS text, p.author AS author, count() OVER () AS posts_read
    FROM
    (
        SELECT r.text, r.author
        FROM reactions AS r FINAL
        WHERE r.run = ${run:singlequote}
          AND $__timeFilter(r.observed_at)
          AND r.observed_at >= newest_minute
          AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
        ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
        LIMIT 5000
    ) AS p
) AS n
ARRAY JOIN arrayDistinct(
    arrayMap(
        link -> replaceRegexpOne(cutFragment(cutQueryString(link)), '^https?://(?:www\\.)?(.*?)[/.,;:!?)]*\\z', '\\1'),
        extractAll(n.text, 'https?://[^\\s<>"“”]+')
    )
) AS term
GROUP BY term
ORDER BY posts_with DESC, term
LIMIT 30
