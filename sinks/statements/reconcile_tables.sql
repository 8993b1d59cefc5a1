-- What the tables hold of a run: posts by partition of the reactions topic, rows by entity as the
-- states, the rows themselves and the minutes tell, and dead letters by stage: those that are such
-- now, those that were read again and became records, and those of earlier readings of a file that has
-- been read anew since, from its first record on.
WITH
    begun AS
    (
        SELECT source, maxIf(started_at, resume_position = 0) AS began_at
        FROM runs FINAL
        WHERE run = %(run)s
        GROUP BY source
    ),
    readings AS
    (
        SELECT named.file AS file, min(b.began_at) AS began_at
        FROM
        (
            SELECT source, arrayJoin(inputs) AS file FROM runs FINAL WHERE run = %(run)s
            UNION DISTINCT
            SELECT source, name AS file FROM run_files FINAL WHERE run = %(run)s
        ) AS named
        JOIN begun AS b ON b.source = named.source
        GROUP BY file
    )
SELECT
    multiIf(
        first_number = 0, 'states before',
        (first_source, first_started_at, partition, first_number) IN
            (SELECT source, started_at, partition, number FROM ledger WHERE run = %(run)s AND stream = 'reactions'),
        'states',
        'states lost'
    ) AS kind,
    toString(partition) AS place,
    count() AS held
FROM post_states FINAL
WHERE run = %(run)s
GROUP BY kind, place

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

SELECT kind, place, count() AS held
FROM
(
    SELECT
        multiIf(
            d.received_at < r.began_at, 'letters before',
            d.replayed_at IS NOT NULL, 'letters read again',
            'letters'
        ) AS kind,
        d.stage AS place
    FROM (SELECT * FROM dead_letters FINAL WHERE run = %(run)s) AS d
    LEFT JOIN readings AS r ON r.file = d.source
)
GROUP BY kind, place
