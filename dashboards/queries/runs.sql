-- Which runs there are, how far each is, and which time it covers.
SELECT
    s.run AS run,
    arrayStringConcat(arraySort(groupUniqArray(s.state)), ', ') AS state,
    sum(s.read) AS read_records,
    sum(s.kept) AS kept_posts,
    min(s.first_at) AS first_at,
    max(s.last_at) AS last_at,
    max(s.reported_at) AS reported_at,
    arrayStringConcat(arraySort(groupUniqArrayArray(s.inputs)), ', ') AS inputs
FROM run_sources AS s
GROUP BY s.run
ORDER BY reported_at DESC, run
LIMIT 100
