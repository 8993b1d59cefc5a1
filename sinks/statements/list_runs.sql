-- Every run of which anything is stored, the one heard of last first: what its producers report in
-- their newest lives, what the tables hold, and how far it is. A run of which rows are left, but no
-- report, has the state ''.
WITH
    named AS
    (
        SELECT DISTINCT run
        FROM
        (
            SELECT DISTINCT run FROM runs
            UNION ALL
            SELECT DISTINCT run FROM reactions_by_minute
            UNION ALL
            SELECT DISTINCT run FROM dead_letters
            UNION ALL
            SELECT DISTINCT run FROM ledger
        )
    ),
    reported AS
    (
        SELECT
            run,
            multiIf(
                countIf(state = 'running') > 0, 'running',
                countIf(state = 'interrupted') > 0, 'interrupted',
                'finished'
            ) AS worst,
            arraySort(groupUniqArrayArray(inputs)) AS every_input,
            min(first_at) AS first_post_at,
            max(last_at) AS last_post_at,
            sum(read) AS read_records,
            sum(kept) AS kept_posts,
            max(reported_at) AS heard_at
        FROM run_sources
        GROUP BY run
    ),
    begun AS (SELECT run, min(started_at) AS began_at FROM runs GROUP BY run),
    letters AS
    (
        SELECT run, count() AS dead
        FROM dead_letters FINAL
        WHERE replayed_at IS NULL
        GROUP BY run
    ),
    totals AS (SELECT run, sum(posts) AS stored FROM reactions_by_minute FINAL GROUP BY run)
SELECT
    n.run,
    r.worst,
    r.every_input,
    r.first_post_at,
    r.last_post_at,
    r.read_records,
    r.kept_posts,
    l.dead,
    t.stored,
    if(r.worst = '', NULL, b.began_at),
    if(toUnixTimestamp(m.observed_before) = 0, NULL, m.observed_before),
    m.is_finished,
    if(r.worst = '' AND toUnixTimestamp(m.stored_at) = 0, NULL, greatest(r.heard_at, m.stored_at)) AS heard
FROM named AS n
LEFT JOIN reported AS r ON r.run = n.run
LEFT JOIN begun AS b ON b.run = n.run
LEFT JOIN letters AS l ON l.run = n.run
LEFT JOIN totals AS t ON t.run = n.run
LEFT JOIN run_watermarks AS m ON m.run = n.run
WHERE empty(%(run)s) OR n.run = %(run)s
ORDER BY heard DESC NULLS LAST, n.run
