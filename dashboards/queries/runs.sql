-- Which runs there are, how far each is, and which time it covers.
SELECT
    l.run AS run,
    arrayStringConcat(groupUniqArray(l.state), ', ') AS state,
    sum(l.read_records) AS read_records,
    sum(l.kept_posts) AS kept_posts,
    min(l.first_at) AS first_at,
    max(l.last_at) AS last_at,
    max(l.reported_at) AS reported_at,
    arrayStringConcat(arraySort(groupUniqArrayArray(l.inputs)), ', ') AS inputs
FROM
(
    SELECT
        t.run AS run,
        argMax(t.state, t.started_at) AS state,
        sum(t.read) AS read_records,
        sum(t.kept) AS kept_posts,
        min(t.first_at) AS first_at,
        max(t.last_at) AS last_at,
        max(t.reported_at) AS reported_at,
        groupUniqArrayArray(t.inputs) AS inputs
    FROM runs AS t FINAL
    GROUP BY t.run, t.source
) AS l
GROUP BY l.run
ORDER BY reported_at DESC, run
LIMIT 100
