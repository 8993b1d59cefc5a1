-- Texts that are said again but for case, links, handles and spaces, among the newest 5 000 posts.
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
    argMin(n.text, (n.observed_at, n.platform, n.post_id)) AS text,
    count() AS posts,
    uniqExactIf(n.author, n.author != '') AS unique_authors,
    arrayStringConcat(arraySort(groupUniqArray(n.platform)), ', ') AS platforms,
    min(n.observed_at) AS first_at
FROM
(
    SELECT r.text, r.author, r.platform, r.post_id, r.observed_at
    FROM reactions AS r FINAL
    WHERE r.run = ${run:singlequote}
      AND $__timeFilter(r.observed_at)
      AND r.observed_at >= newest_minute
      AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
    ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
    LIMIT 5000
) AS n
GROUP BY cityHash64(arrayStringConcat(splitByWhitespace(lowerUTF8(replaceRegexpAll(n.text, '(?:https?://|@)\\S+', ''))), ' '))
HAVING posts > 1
ORDER BY posts DESC, first_at, text
LIMIT 30
