-- What is made of reactions and of their minutes and does not agree with them: totals by hour, by
-- day, and the list of posts that call for action. Both ways: what is missing and what is too much.
WITH
    by_hour AS
    (
        SELECT entity, hour AS at, platform, lang, posts, reposts, negative, neutral, positive,
            unsure, unread, sentiment_sum, calling, finalizeAggregation(authors) AS people
        FROM reactions_by_hour FINAL
        WHERE run = %(run)s
    ),
    by_day AS
    (
        SELECT entity, day AS at, platform, lang, posts, reposts, negative, neutral, positive,
            unsure, unread, sentiment_sum, calling, finalizeAggregation(authors) AS people
        FROM reactions_by_day FINAL
        WHERE run = %(run)s
    ),
    of_hours AS
    (
        SELECT entity, toStartOfHour(minute) AS at, platform, lang, sum(posts), sum(reposts),
            sum(negative), sum(neutral), sum(positive), sum(unsure), sum(unread),
            sum(sentiment_sum), sum(calling), uniqExactMerge(authors)
        FROM reactions_by_minute FINAL
        WHERE run = %(run)s
        GROUP BY entity, at, platform, lang
    ),
    of_days AS
    (
        SELECT entity, toDateTime(toStartOfDay(minute), 'UTC') AS at, platform, lang, sum(posts),
            sum(reposts), sum(negative), sum(neutral), sum(positive), sum(unsure), sum(unread),
            sum(sentiment_sum), sum(calling), uniqExactMerge(authors)
        FROM reactions_by_minute FINAL
        WHERE run = %(run)s
        GROUP BY entity, at, platform, lang
    ),
    listed AS
    (
        SELECT entity, observed_at, platform, post_id, calls.action
        FROM calling_reactions FINAL
        WHERE run = %(run)s
    ),
    calling_posts AS
    (
        SELECT entity, observed_at, platform, post_id, calls.action
        FROM reactions FINAL
        WHERE run = %(run)s AND notEmpty(calls.action)
    )
SELECT
    (SELECT count() FROM by_hour) AS is_kept,
    (SELECT count() FROM (SELECT * FROM by_hour EXCEPT SELECT * FROM of_hours))
        + (SELECT count() FROM (SELECT * FROM of_hours EXCEPT SELECT * FROM by_hour)) AS hours,
    (SELECT count() FROM (SELECT * FROM by_day EXCEPT SELECT * FROM of_days))
        + (SELECT count() FROM (SELECT * FROM of_days EXCEPT SELECT * FROM by_day)) AS days,
    (SELECT count() FROM (SELECT * FROM listed EXCEPT SELECT * FROM calling_posts))
        + (SELECT count() FROM (SELECT * FROM calling_posts EXCEPT SELECT * FROM listed)) AS lists
