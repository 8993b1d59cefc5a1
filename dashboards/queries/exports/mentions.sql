-- The mentions of a stretch as they are stored now, in order of time; those of one post lie together.
-- The range ends before its last second.
SELECT
    r.run AS run,
    r.entity AS entity,
    r.post_id AS id,
    r.platform AS platform,
    r.version AS revision,
    r.created_at AS created_at,
    r.observed_at AS observed_at,
    r.received_at AS received_at,
    r.author AS author,
    r.text AS text,
    r.declared_lang AS lang,
    r.lang AS language,
    r.url AS url,
    r.reply_to AS reply_to,
    r.repost_of AS repost_of,
    r.quote_of AS quote_of,
    r.likes AS likes,
    r.reposts AS reposts,
    r.replies AS replies,
    r.quotes AS quotes,
    if(r.sentiment_label != 'unread' AND NOT r.sentiment_sure, 'unsure', r.sentiment_label) AS mood,
    r.sentiment_score AS score,
    r.sentiment_model AS model,
    r.sentiment_vader AS vader,
    r.calls.action AS actions,
    r.calls.direction AS directions,
    r.calls.target AS targets,
    r.calls.addressee AS addressees,
    r.calls.evidence AS evidence,
    r.calls.confidence AS confidence
FROM reactions AS r FINAL
WHERE r.run = ${run:singlequote}
  AND r.observed_at >= $__fromTime
  AND r.observed_at < toDateTime64($__toTime, 3)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
ORDER BY r.observed_at, r.platform, r.post_id, r.entity
