-- Whether a life of this producer that began no earlier has told its end.
SELECT count() > 0
FROM runs
WHERE run = %(run)s AND source = %(source)s AND state != 'running'
    AND toUnixTimestamp64Milli(started_at) >= %(begun_at)s
