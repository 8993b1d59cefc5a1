-- The runs to compare with, the one heard of last first; the run itself comes last and means: none.
SELECT r.run AS run
FROM
(
    SELECT t.run AS run, max(t.reported_at) AS heard_at FROM runs AS t GROUP BY t.run
    UNION ALL
    SELECT t.run AS run, toDateTime64(0, 3, 'UTC') AS heard_at FROM reactions_by_day AS t GROUP BY t.run
) AS r
GROUP BY r.run
ORDER BY r.run = ${run:singlequote}, max(r.heard_at) DESC, run
LIMIT 500
