-- The newest posts that call for action, with the words that show it.
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
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
  AND notEmpty(r.calls.action)
ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
LIMIT 60
