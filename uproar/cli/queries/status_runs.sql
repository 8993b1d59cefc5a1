-- How each run is, those that were last heard of first.
SELECT
    reports.run AS run,
    reports.worst AS state,
    reports.read_records AS read,
    reports.kept_posts AS kept,
    reports.letters AS dead_letters,
    marks.observed_before AS observed_before,
    marks.stored_at AS stored_at,
    marks.is_finished AS is_finished
FROM
(
    SELECT
        run,
        multiIf(countIf(state = 'running') > 0, 'running', countIf(state = 'interrupted') > 0, 'interrupted', 'finished')
            AS worst,
        sum(read) AS read_records,
        sum(kept) AS kept_posts,
        sum(arraySum(mapValues(dead_letters))) AS letters,
        max(reported_at) AS heard_at
    FROM run_sources
    GROUP BY run
) AS reports
LEFT JOIN run_watermarks AS marks ON marks.run = reports.run
ORDER BY reports.heard_at DESC
LIMIT 10
