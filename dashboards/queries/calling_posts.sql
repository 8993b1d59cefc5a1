-- The newest posts that call for action, with the words that show it.
-- The totals tell in which minute the 60th newest lies, so that no older row is read.
WITH
    (
        SELECT min(n.at)
        FROM
        (
            SELECT
                m.at AS at,
                sum(sum(m.calling)) OVER (ORDER BY m.at DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
            WHERE m.run = ${run:singlequote}
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
            GROUP BY m.at
        ) AS n
        WHERE n.newer < 60
    ) AS newest_stretch,
    (
        SELECT min(n.minute)
        FROM
        (
            SELECT
                m.minute AS minute,
                sum(sum(m.calling)) OVER (ORDER BY m.minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND m.minute >= newest_stretch
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
