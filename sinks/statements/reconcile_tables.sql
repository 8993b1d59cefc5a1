-- What the tables hold of a run: posts by partition of the reactions topic, rows by entity as the
-- states, the rows themselves and the minutes tell, and dead letters by stage.
SELECT 'states' AS kind, toString(partition) AS place, count() AS held
FROM post_states FINAL
WHERE run = %(run)s
GROUP BY partition

UNION ALL

SELECT 'rows told' AS kind, entity AS place, count() AS held
FROM post_states FINAL
ARRAY JOIN entities AS entity
WHERE run = %(run)s AND NOT is_deleted
GROUP BY entity

UNION ALL

SELECT 'rows' AS kind, entity AS place, count() AS held
FROM reactions FINAL
WHERE run = %(run)s
GROUP BY entity

UNION ALL

SELECT 'minutes' AS kind, entity AS place, sum(posts) AS held
FROM reactions_by_minute FINAL
WHERE run = %(run)s
GROUP BY entity

UNION ALL

SELECT 'letters' AS kind, stage AS place, count() AS held
FROM dead_letters FINAL
WHERE run = %(run)s
GROUP BY stage
