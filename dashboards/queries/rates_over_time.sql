-- How many records a second were stored when, by the clock of the sink, by stage and source.
SELECT
    $__timeInterval(l.stored_at) AS time,
    concat(l.source, ' · ', replaceOne(l.stream, '-', ' ')) AS series,
    sum(l.records) / $__interval_s AS value
FROM ledger AS l FINAL
WHERE l.run = ${run:singlequote}
  AND $__timeFilter(l.stored_at)
GROUP BY time, series
ORDER BY time, series
