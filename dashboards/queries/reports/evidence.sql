-- Posts to quote, of those that speak for themselves: per mood and per call the most answered, liked
-- and repeated ones. The texts are read of these few only.
SELECT
    q.observed_at AS time,
    q.entity AS entity,
    q.platform AS platform,
    q.lang AS language,
    q.text AS text,
    q.url AS url,
    q.calls.action AS actions,
    q.calls.direction AS directions,
    q.calls.evidence AS evidence,
    q.calls.confidence AS confidence,
    if(q.sentiment_label != 'unread' AND NOT q.sentiment_sure, 'unsure', q.sentiment_label) AS label,
    q.sentiment_score AS score,
    toUInt64(q.likes) + q.reposts + q.replies + q.quotes AS responses
FROM reactions AS q FINAL
WHERE q.run = ${run:singlequote}
  AND (q.entity, q.observed_at, q.platform, q.post_id) GLOBAL IN
  (
      SELECT
          best.5,
          best.2,
          best.3,
          best.4
      FROM
      (
          SELECT
              arrayJoin(
                  groupArraySorted(8)((
                      -toInt64(toUInt64(r.likes) + r.reposts + r.replies + r.quotes),
                      r.observed_at,
                      toString(r.platform),
                      r.post_id,
                      toString(r.entity)
                  ))
              ) AS best
          FROM reactions AS r FINAL
          WHERE r.run = ${run:singlequote}
            AND r.observed_at >= $__fromTime AND r.observed_at < toDateTime64($__toTime + 1, 3)
            AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
            AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
            AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
            AND r.repost_of = ''
          GROUP BY
              r.sentiment_label,
              r.calls.action[1],
              r.calls.direction[1],
              r.calls.confidence[1] >= 0.9
      )
  )
ORDER BY responses DESC, time, q.platform, q.post_id, entity
LIMIT 400
