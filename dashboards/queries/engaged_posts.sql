-- The originals that most people answered, of the newest 50 000 posts of the range.
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
    toUInt64(r.likes) + r.reposts + r.replies + r.quotes AS responses,
    r.url AS url
FROM reactions AS r FINAL
WHERE r.run = ${run:singlequote}
  AND (r.entity, r.observed_at, r.platform, r.post_id) GLOBAL IN
  (
      SELECT n.entity, n.observed_at, n.platform, n.post_id
      FROM
      (
          SELECT k.entity, k.observed_at, k.platform, k.post_id, k.repost_of = '' AS is_original, toUInt64(k.likes) + k.reposts + k.replies + k.quotes AS responses
          FROM reactions AS k FINAL
          WHERE k.run = ${run:singlequote}
            AND $__timeFilter(k.observed_at)
            AND k.observed_at >= newest_minute
            AND $__conditionalAll(k.entity IN (${entity:singlequote}), $entity)
            AND $__conditionalAll(k.platform IN (${platform:singlequote}), $platform)
            AND $__conditionalAll(k.lang IN (${lang:singlequote}), $lang)
          ORDER BY k.observed_at DESC, k.platform, k.post_id, k.entity
          LIMIT 50000
      ) AS n
      WHERE n.is_original AND n.responses > 0
      ORDER BY n.responses DESC, n.observed_at DESC, n.platform, n.post_id, n.entity
      LIMIT 60
  )
ORDER BY responses DESC, r.observed_at DESC, r.platform, r.post_id, r.entity
LIMIT 60
