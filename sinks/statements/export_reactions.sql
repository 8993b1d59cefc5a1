-- The reactions of a run that were observed on one day, in the order in which they lie.
SELECT
    run, entity, platform, post_id, version AS revision, observed_at, created_at, received_at, author,
    lang, declared_lang, text, url, reply_to, repost_of, quote_of, likes, reposts, replies, quotes,
    sentiment_score, sentiment_label, sentiment_sure, sentiment_model, sentiment_vader,
    calls.action, calls.direction, calls.target, calls.addressee, calls.evidence, calls.confidence
FROM reactions FINAL
WHERE run = %(run)s AND toDate(observed_at) = %(day)s
ORDER BY entity, observed_at, platform, post_id
