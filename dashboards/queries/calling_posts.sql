-- The newest posts that call for action, with the words that show it.
-- The totals tell in which minute the 60th newest lies, so that no older row is read.
WITH
    (
        SELECT min(n.day)
        FROM
        (
            SELECT
                d.day AS day,
                sum(sumIf(d.calling, d.day + 86399 <= $__toTime)) OVER (ORDER BY d.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_day AS d FINAL
            WHERE d.run = ${run:singlequote}
              AND d.day >= toStartOfDay($__fromTime, 'UTC')
              AND d.day <= $__toTime
              AND $__conditionalAll(d.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(d.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(d.lang IN (${lang:singlequote}), $lang)
            GROUP BY d.day
        ) AS n
        WHERE n.newer < 60
    ) AS newest_day,
    (
        SELECT min(n.minute)
        FROM
        (
            SELECT
                m.minute AS minute,
                sum(sum(m.calling)) OVER (ORDER BY m.minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND m.minute >= newest_day
              AND $__timeFilter(m.minute)
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
            GROUP BY m.minute
        ) AS n
        WHERE n.newer < 60
    ) AS newest_minute
SELECT
    r.observed_at AS time,
    r.entity AS entity,
    r.platform AS platform,
    r.lang AS language,
    r.author AS author,
    if(r.sentiment_label != 'unread' AND NOT r.sentiment_sure, 'unsure', r.sentiment_label) AS label,
    r.sentiment_score AS score,
    r.text AS text,
    arrayMap((action, direction) -> concat(action, ' ', direction), r.calls.action, r.calls.direction) AS calls,
    r.calls.evidence AS evidence,
    r.likes + r.reposts + r.replies + r.quotes AS responses,
    r.url AS url
FROM reactions AS r FINAL
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
  AND r.observed_at >= newest_minute
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
  AND notEmpty(r.calls.action)
ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
LIMIT 60
