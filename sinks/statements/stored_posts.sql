-- The rows of a run that were observed on one day; those of one post stand together.
SELECT
    platform, post_id, entity, version, observed_at, created_at, received_at, author, text,
    declared_lang, url, reply_to, repost_of, quote_of, likes, reposts, replies, quotes,
    sentiment_label, sentiment_sure, sentiment_model, calls.action, calls.direction
FROM reactions FINAL
WHERE run = %(run)s AND toDate(observed_at) = %(day)s
ORDER BY platform, post_id, entity
