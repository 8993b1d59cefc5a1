-- What the crowds of both runs call for: posts with each kind of call. With no other run to compare
-- with, what stands of the compared one is empty.
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
    splitByChar(' ', k.call)[1] AS action,
    splitByChar(' ', k.call)[2] AS direction,
    sum(k.posts) AS posts_calling,
    if(is_alone, NULL, sum(k.compared_posts)) AS compared_calling,
    toInt64(posts_calling) - compared_calling AS difference
FROM
(
    SELECT call, sum(posts_with) AS posts, 0 AS compared_posts
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
    ARRAY JOIN mapKeys(m.calls) AS call, mapValues(m.calls) AS posts_with
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY call
    UNION ALL
    SELECT call, 0 AS posts, sum(posts_with) AS compared_posts
    FROM totals_between(from_at = compared_from, to_at = compared_to, step_seconds = 86400) AS c
    ARRAY JOIN mapKeys(c.calls) AS call, mapValues(c.calls) AS posts_with
    WHERE c.run = ${compared:singlequote}
      AND ${compared:singlequote} != ${run:singlequote}
      AND $__conditionalAll(c.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(c.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(c.lang IN (${lang:singlequote}), $lang)
    GROUP BY call
) AS k
GROUP BY action, direction
HAVING posts_calling > 0 OR compared_calling > 0
ORDER BY greatest(posts_calling, ifNull(compared_calling, 0)) DESC, action, direction
LIMIT 50
