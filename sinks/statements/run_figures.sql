-- What a run came to for each entity.
SELECT
    entity,
    sum(posts),
    uniqExactMerge(authors),
    sum(negative) / nullIf(sum(posts) - sum(unread) - sum(unsure), 0),
    sum(calling_against),
    sum(calling_for)
FROM reactions_by_minute FINAL
WHERE run = %(run)s
GROUP BY entity
ORDER BY sum(posts) DESC, entity
