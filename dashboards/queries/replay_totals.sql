-- How much was said in both runs over the same time, by how many, and in what mood. A row a run.
-- Where the two runs share no day, the compared one is moved so that both begin together.
WITH
    (
        -- first and last day of the run and of the compared one, and whether there is any
        SELECT
        (
            toInt64(toUnixTimestamp(minIf(d.day, d.run = ${run:singlequote}))), toInt64(toUnixTimestamp(maxIf(d.day, d.run = ${run:singlequote}))), countIf(d.run = ${run:singlequote}) > 0,
            toInt64(toUnixTimestamp(minIf(d.day, d.run = ${compared:singlequote}))), toInt64(toUnixTimestamp(maxIf(d.day, d.run = ${compared:singlequote}))), countIf(d.run = ${compared:singlequote}) > 0
        )
        FROM reactions_by_day AS d FINAL
        WHERE d.run IN (${run:singlequote}, ${compared:singlequote})
    ) AS days,
    (
        SELECT (toInt64(toUnixTimestamp(minIf(m.minute, m.run = ${run:singlequote}))), toInt64(toUnixTimestamp(minIf(m.minute, m.run = ${compared:singlequote}))))
        FROM reactions_by_minute AS m FINAL
        WHERE m.run IN (${run:singlequote}, ${compared:singlequote})
          AND (m.minute >= toDateTime(days.1, 'UTC') AND m.minute < toDateTime(days.1 + 86400, 'UTC')
              OR m.minute >= toDateTime(days.4, 'UTC') AND m.minute < toDateTime(days.4 + 86400, 'UTC'))
    ) AS starts,
    NOT days.3 OR NOT days.6 OR (days.1 <= days.5 AND days.4 <= days.2) AS is_same_time,
    if(is_same_time, 0, starts.2 - starts.1) AS shift_seconds,
    toUInt32(greatest(0, least(4294967295, toInt64(toUnixTimestamp($__fromTime)) + shift_seconds))) AS compared_from,
    toUInt32(greatest(0, least(4294967295, toInt64(toUnixTimestamp($__toTime)) + shift_seconds))) AS compared_to
SELECT
    t.run AS run,
    t.mentions AS mentions,
    t.unique_authors AS unique_authors,
    t.negative / nullIf(t.mentions - t.unsure - t.unread, 0) AS negative_share,
    (t.unsure + t.unread) / nullIf(t.mentions, 0) AS abstain_share,
    t.sentiment_sum / 10000 / nullIf(t.mentions - t.unread, 0) AS mean_score,
    t.posts_against AS posts_against,
    t.posts_for AS posts_for,
    toDateTime(t.from_at, 'UTC') AS from_at,
    toDateTime(t.to_at, 'UTC') AS to_at
FROM
(
    SELECT
        m.run AS run, 1 AS place, toUnixTimestamp($__fromTime) AS from_at, toUnixTimestamp($__toTime) AS to_at,
        sum(m.posts) AS mentions, uniqExactMerge(m.authors) AS unique_authors, sum(m.negative) AS negative, sum(m.unsure) AS unsure, sum(m.unread) AS unread,
        sum(m.sentiment_sum) AS sentiment_sum, sum(m.calling_against) AS posts_against, sum(m.calling_for) AS posts_for
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY m.run
    UNION ALL
    SELECT
        c.run AS run, 2 AS place, compared_from AS from_at, compared_to AS to_at,
        sum(c.posts) AS mentions, uniqExactMerge(c.authors) AS unique_authors, sum(c.negative) AS negative, sum(c.unsure) AS unsure, sum(c.unread) AS unread,
        sum(c.sentiment_sum) AS sentiment_sum, sum(c.calling_against) AS posts_against, sum(c.calling_for) AS posts_for
    FROM totals_between(from_at = compared_from, to_at = compared_to, step_seconds = 86400) AS c
    WHERE c.run = ${compared:singlequote}
      AND ${compared:singlequote} != ${run:singlequote}
      AND $__conditionalAll(c.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(c.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(c.lang IN (${lang:singlequote}), $lang)
    GROUP BY c.run
) AS t
ORDER BY t.place
