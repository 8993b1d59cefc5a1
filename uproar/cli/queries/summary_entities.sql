-- What was stored of each entity in a run, and when most was said of it.
SELECT
    entity,
    sum(posts_then) AS posts,
    uniqExactMerge(authors_then) AS authors,
    round(100 * sum(negative_then) / nullIf(sum(read_then), 0), 1) AS negative_percent,
    sum(against_then) AS calls_against,
    sum(for_then) AS calls_for,
    max(posts_then) AS peak_posts,
    argMax(window, posts_then) AS peak_at
FROM
(
    SELECT
        entity,
        toStartOfTenMinutes(minute) AS window,
        sum(posts) AS posts_then,
        uniqExactMergeState(authors) AS authors_then,
        sum(negative) AS negative_then,
        sum(posts) - sum(unread) - sum(unsure) AS read_then, -- as the boards' negative share
        sum(calling_against) AS against_then,
        sum(calling_for) AS for_then
    FROM reactions_by_minute FINAL
    WHERE run = %(run)s
    GROUP BY entity, window
)
GROUP BY entity
ORDER BY posts DESC, entity
