-- The first packs that are not in the ledger, of those that a watermark speaks for.
SELECT arrayJoin(range(previous + 1, least(number, previous + 6))) AS missing
FROM
(
    SELECT number, lagInFrame(number, 1, 0) OVER (ORDER BY number) AS previous
    FROM
    (
        SELECT number
        FROM ledger
        WHERE run = %(run)s AND source = %(source)s AND stream = %(stream)s AND stage = %(stage)s
            AND toUnixTimestamp64Milli(started_at) = %(started_at)s AND partition = %(partition)s
        GROUP BY number
        UNION ALL
        SELECT toUInt64(%(packs)s) + 1
    )
)
WHERE number > previous + 1 AND previous < %(packs)s
ORDER BY missing
LIMIT 5
