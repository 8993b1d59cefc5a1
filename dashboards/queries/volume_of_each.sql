-- When each of the twelve entities that are mentioned most was talked about: posts per interval.
SELECT
    r.time AS time,
    r.entity AS series,
    r.posts AS value
FROM
(
    SELECT
        e.time AS time,
        e.entity AS entity,
        e.posts AS posts,
        dense_rank() OVER (ORDER BY e.whole DESC, e.entity) AS place
    FROM
    (
        SELECT
            $__timeInterval(m.at) AS time,
            m.entity AS entity,
            sum(m.posts) AS posts,
            sum(posts) OVER (PARTITION BY entity) AS whole
        FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
        WHERE m.run = ${run:singlequote}
          AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
        GROUP BY time, m.entity
    ) AS e
    WHERE e.posts > 0
) AS r
WHERE r.place <= 12
ORDER BY time, series
