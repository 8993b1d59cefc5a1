-- What differs between the runs, entity by entity, the largest difference first. With no other run to
-- compare with, what stands of the compared one is empty.
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
    toUInt32(greatest(0, least(4294967295, toInt64(toUnixTimestamp($__toTime)) + shift_seconds))) AS compared_to,
    ${compared:singlequote} IN ('', ${run:singlequote}) AS is_alone
SELECT
    e.entity AS entity,
    sum(e.mentions) AS mentions,
    if(is_alone, NULL, sum(e.compared_mentions)) AS compared_mentions,
    toInt64(mentions) - compared_mentions AS difference,
    sum(e.negative) / nullIf(sum(e.sure), 0) AS negative_share,
    sum(e.other_negative) / nullIf(sum(e.other_sure), 0) AS compared_negative,
    sum(e.posts_against) AS posts_against,
    if(is_alone, NULL, sum(e.compared_against)) AS compared_against,
    toInt64(posts_against) - compared_against AS against_difference
FROM
(
    SELECT
        m.entity AS entity,
        sum(m.posts) AS mentions, 0 AS compared_mentions,
        sum(m.negative) AS negative, 0 AS other_negative,
        sum(m.posts) - sum(m.unsure) - sum(m.unread) AS sure, 0 AS other_sure,
        sum(m.calling_against) AS posts_against, 0 AS compared_against
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY m.entity
    UNION ALL
    SELECT
        c.entity AS entity,
        0 AS mentions, sum(c.posts) AS compared_mentions,
        0 AS negative, sum(c.negative) AS other_negative,
        0 AS sure, sum(c.posts) - sum(c.unsure) - sum(c.unread) AS other_sure,
        0 AS posts_against, sum(c.calling_against) AS compared_against
    FROM totals_between(from_at = compared_from, to_at = compared_to, step_seconds = 86400) AS c
    WHERE c.run = ${compared:singlequote}
      AND ${compared:singlequote} != ${run:singlequote}
      AND $__conditionalAll(c.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(c.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(c.lang IN (${lang:singlequote}), $lang)
    GROUP BY c.entity
) AS e
GROUP BY e.entity
ORDER BY abs(ifNull(difference, 0)) DESC, mentions DESC, entity
LIMIT 100
