-- Whether the last record of this life of a producer is stored, in every partition of both streams.
SELECT max(is_finished)
FROM producer_lives
WHERE run = %(run)s AND source = %(source)s AND toUnixTimestamp64Milli(started_at) = %(started_at)s
