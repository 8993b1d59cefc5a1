-- In which hours there are totals, by run.
SELECT DISTINCT run, toUnixTimestamp(toStartOfHour(minute)) AS hour
FROM reactions_by_minute
ORDER BY run, hour
