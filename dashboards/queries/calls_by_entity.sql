-- When a crowd called for action against each entity: posts per interval, of the seven most called
-- against and of all others.
SELECT
    r.time AS time,
    if(r.place <= 7, r.entity, 'all others') AS series,
    sum(r.posts) AS value
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
            sum(m.calling_against) AS posts,
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
GROUP BY time, series
ORDER BY time, series
