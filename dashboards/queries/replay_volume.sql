-- How much was said when in both runs, in the time of the run; a series a run.
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
    if(is_same_time, 0, intDiv(starts.2 - starts.1, $__interval_s) * $__interval_s) AS shift_seconds,
    toUInt32(greatest(0, least(4294967295, toInt64(toUnixTimestamp($__fromTime)) + shift_seconds))) AS compared_from,
    toUInt32(greatest(0, least(4294967295, toInt64(toUnixTimestamp($__toTime)) + shift_seconds))) AS compared_to
SELECT
    $__timeInterval(v.at) AS time,
    v.run AS series,
    sum(v.posts) AS value
FROM
(
    SELECT m.run AS run, m.at AS at, sum(m.posts) AS posts
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY m.run, m.at
    UNION ALL
    SELECT c.run AS run, toDateTime(toInt64(toUnixTimestamp(c.at)) - shift_seconds, 'UTC') AS at, sum(c.posts) AS posts
    FROM totals_between(from_at = compared_from, to_at = compared_to, step_seconds = $__interval_s) AS c
    WHERE c.run = ${compared:singlequote}
      AND ${compared:singlequote} != ${run:singlequote}
      AND $__conditionalAll(c.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(c.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(c.lang IN (${lang:singlequote}), $lang)
    GROUP BY c.run, c.at
) AS v
GROUP BY time, series
ORDER BY time, series
