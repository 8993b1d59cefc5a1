-- All that is held of an author: the stored posts of every run, and what was read in them.
SELECT
    run, entity, platform, post_id, version AS revision, observed_at, created_at, received_at,
    stored_at, author AS pseudonym, lang, declared_lang, text, url, reply_to, repost_of, quote_of,
    likes, reposts, replies, quotes, sentiment_label, sentiment_score, sentiment_sure,
    sentiment_model, `calls.action` AS calls_action, `calls.direction` AS calls_direction,
    `calls.target` AS calls_target, `calls.evidence` AS calls_evidence
FROM reactions FINAL
WHERE author IN %(authors)s
ORDER BY run, observed_at, platform, post_id, entity
