-- Stretches that a platform has left out: nobody knows what was said in them.
SELECT
    parseDateTimeBestEffortOrZero(extract(detail, '(\\S+) to \\S+ is missing'), 'UTC') AS since,
    parseDateTimeBestEffortOrZero(extract(detail, '\\S+ to (\\S+) is missing'), 'UTC') AS until
FROM dead_letters FINAL
WHERE run = %(run)s
  AND reason = 'gap'
  AND until > since
  AND toUnixTimestamp(since) > 0
