-- The totals of each minute of some entities of a run; a minute in which nothing was said has none.
SELECT
    entity,
    minute,
    sum(posts),
    sum(negative) + sum(neutral) + sum(positive),
    sum(negative),
    sum(calling_against),
    sum(calling_for),
    sum(calling)
FROM reactions_by_minute FINAL
WHERE run = %(run)s
  AND minute >= toDateTime(%(start)s, 'UTC')
  AND minute < toDateTime(%(end)s, 'UTC')
  AND entity IN %(entities)s
GROUP BY entity, minute
ORDER BY minute, entity
