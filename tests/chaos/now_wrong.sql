-- What is not settled at this moment: rows written again and not merged yet, and totals that do not
-- agree with the rows that count.
SELECT
    (SELECT count() FROM reactions WHERE run = %(run)s)
        - (SELECT uniqExact(entity, observed_at, platform, post_id) FROM reactions WHERE run = %(run)s)
        AS again,
    (
        SELECT countIf(told != counted)
        FROM
        (
            SELECT sum(posts) AS told, sum(rows) AS counted
            FROM
            (
                SELECT entity, minute, posts, 0 AS rows
                FROM reactions_by_minute FINAL
                WHERE run = %(run)s
                UNION ALL
                SELECT entity, toStartOfMinute(toDateTime(observed_at)), 0, 1
                FROM reactions FINAL
                WHERE run = %(run)s
            )
            GROUP BY entity, minute
        )
    ) AS wrong_totals
