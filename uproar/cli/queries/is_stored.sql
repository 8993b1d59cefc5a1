-- In how many partitions of both streams the last record of this life of a producer is stored.
SELECT count()
FROM
(
    SELECT stream, partition
    FROM watermarks
    WHERE run = %(run)s AND source = %(source)s AND toUnixTimestamp64Milli(started_at) = %(started_at)s
    GROUP BY stream, partition
    HAVING max(is_last)
)
