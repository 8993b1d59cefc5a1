-- How much was said, told apart by whether a post speaks for itself or repeats another, and what the
-- watcher expected of the same minutes. It expects of all platforms and languages together.
SELECT
    v.time AS time,
    sum(v.originals) AS originals,
    sum(v.repeats) AS repeats,
    if(sum(v.judged) = 0, NULL, sum(v.expected)) AS posts_expected,
    if(max(v.is_spike) = 0, NULL, originals + repeats) AS spike_posts
FROM
(
    SELECT
        $__timeInterval(m.at) AS time,
        sum(m.posts) - sum(m.reposts) AS originals,
        sum(m.reposts) AS repeats,
        0 AS judged,
        0. AS expected,
        0 AS is_spike
    FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = $__interval_s) AS m
    WHERE m.run = ${run:singlequote}
      AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
    GROUP BY time
    UNION ALL
    SELECT
        $__timeInterval(e.minute) AS time,
        0 AS originals,
        0 AS repeats,
        count() AS judged,
        sum(e.expected) AS expected,
        max(e.is_spike) AS is_spike
    FROM expected_by_minute AS e FINAL
    WHERE e.run = ${run:singlequote}
      AND $__timeFilter(e.minute)
      AND $__conditionalAll(e.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(1 = 0, $platform)
      AND $__conditionalAll(1 = 0, $lang)
    GROUP BY time
) AS v
GROUP BY time
ORDER BY time
