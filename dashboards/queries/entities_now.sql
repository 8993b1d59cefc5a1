-- Which entities stand out now: the posts of the last stretch that is stored, against what the watcher
-- expected of it, or else against the 24 stretches before, as far as the run reaches back. A stretch
-- is 15 minutes, or as long as the bars of the charts. Times are seconds of the Unix epoch until the end.
WITH
    multiIf($__interval_s < 3600, 60, $__interval_s < 86400, 3600, 86400) AS grain,
    intDiv(greatest(900, $__interval_s), grain) * grain AS seconds,
    (
        SELECT if(
            max(w.observed_before) = toDateTime64(0, 3, 'UTC'),
            4102444800,
            intDiv(toUnixTimestamp(max(w.observed_before)), grain) * grain + if(max(w.is_finished), grain, 0)
        )
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS stored_end,
    (
        SELECT toUnixTimestamp(min(s.first_at))
        FROM run_sources AS s
        WHERE s.run = ${run:singlequote}
    ) AS run_start,
    toInt64(least(intDiv(toUnixTimestamp($__toTime) + grain, grain) * grain, stored_end)) AS now_end
SELECT
    n.entity AS entity,
    n.posts_now AS posts_now,
    if(e.judged > 0, e.expected, n.posts_before / nullIf(n.stretches_before, 0)) AS posts_expected,
    n.posts_now / nullIf(posts_expected, 0) AS times_expected,
    (n.posts_now - posts_expected) / sqrt(greatest(posts_expected, 1)) AS standing_out,
    n.negative / nullIf(n.sure, 0) AS negative_share,
    n.against_now AS against_now,
    multiIf(e.judged > 0, 'the watcher', n.stretches_before > 0, 'the time before', 'nothing yet') AS measured_against,
    toDateTime(now_end - seconds, 'UTC') AS now_from,
    toDateTime(now_end, 'UTC') AS now_to
FROM
(
    SELECT
        a.entity AS entity,
        sumIf(a.posts, a.at >= toDateTime(now_end - seconds, 'UTC')) AS posts_now,
        sumIf(a.negative, a.at >= toDateTime(now_end - seconds, 'UTC')) AS negative,
        sumIf(a.sure, a.at >= toDateTime(now_end - seconds, 'UTC')) AS sure,
        sumIf(a.calling_against, a.at >= toDateTime(now_end - seconds, 'UTC')) AS against_now,
        sum(a.posts) - posts_now AS posts_before,
        min(toUnixTimestamp(min(a.at))) OVER () AS first_post,
        greatest(0., least(24., (now_end - seconds - ifNull(run_start, first_post)) / seconds)) AS stretches_before
    FROM
    (
        SELECT t.entity AS entity, t.minute AS at, t.posts AS posts, t.negative AS negative, t.posts - t.unread - t.unsure AS sure, t.calling_against AS calling_against
        FROM reactions_by_minute AS t FINAL
        WHERE t.run = ${run:singlequote}
          AND grain = 60
          AND t.minute >= toDateTime(now_end - 25 * seconds, 'UTC') AND t.minute < toDateTime(now_end, 'UTC')
          AND $__conditionalAll(t.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(t.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(t.lang IN (${lang:singlequote}), $lang)
        UNION ALL
        SELECT t.entity AS entity, t.hour AS at, t.posts AS posts, t.negative AS negative, t.posts - t.unread - t.unsure AS sure, t.calling_against AS calling_against
        FROM reactions_by_hour AS t FINAL
        WHERE t.run = ${run:singlequote}
          AND grain = 3600
          AND t.hour >= toDateTime(now_end - 25 * seconds, 'UTC') AND t.hour < toDateTime(now_end, 'UTC')
          AND $__conditionalAll(t.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(t.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(t.lang IN (${lang:singlequote}), $lang)
        UNION ALL
        SELECT t.entity AS entity, t.day AS at, t.posts AS posts, t.negative AS negative, t.posts - t.unread - t.unsure AS sure, t.calling_against AS calling_against
        FROM reactions_by_day AS t FINAL
        WHERE t.run = ${run:singlequote}
          AND grain = 86400
          AND t.day >= toDateTime(now_end - 25 * seconds, 'UTC') AND t.day < toDateTime(now_end, 'UTC')
          AND $__conditionalAll(t.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(t.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(t.lang IN (${lang:singlequote}), $lang)
    ) AS a
    GROUP BY a.entity
) AS n
GLOBAL LEFT JOIN
(
    SELECT
        x.entity AS entity,
        count() * 120 > seconds AS judged,
        avg(x.expected) * seconds / 60 AS expected
    FROM expected_by_minute AS x FINAL
    WHERE x.run = ${run:singlequote}
      AND x.minute >= toDateTime(now_end - seconds, 'UTC') AND x.minute < toDateTime(now_end, 'UTC')
      AND $__conditionalAll(x.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(1 = 0, $platform)
      AND $__conditionalAll(1 = 0, $lang)
    GROUP BY x.entity
) AS e ON e.entity = n.entity
WHERE now_end > toUnixTimestamp($__fromTime)
ORDER BY standing_out DESC NULLS LAST, posts_now DESC, entity
LIMIT 100
