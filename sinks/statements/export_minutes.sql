-- The minute totals of a run; authors as a number.
SELECT
    entity, minute, platform, lang, posts, reposts, finalizeAggregation(authors) AS unique_authors,
    negative, neutral, positive, unsure, unread, sentiment_sum, calling, calling_against, calling_for,
    mapKeys(calls) AS call_names, mapValues(calls) AS call_posts
FROM reactions_by_minute FINAL
WHERE run = %(run)s
ORDER BY entity, minute, platform, lang
