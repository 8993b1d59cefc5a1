-- What each life of a producer says that it has sent into each partition of both topics.
SELECT
    source, started_at, partition,
    max(watermarks.packs), max(watermarks.records), max(watermarks.letter_packs),
    max(watermarks.letters)
FROM watermarks
WHERE run = %(run)s AND stream = 'reactions'
GROUP BY source, started_at, partition
ORDER BY source, started_at, partition
