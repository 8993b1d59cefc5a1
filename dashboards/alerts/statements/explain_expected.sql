-- How many posts the detector expected in a stretch; what is not stored was hardly any.
SELECT sum(expected) AS posts_expected
FROM expected_by_minute FINAL
WHERE run = %(run)s
  AND entity = %(entity)s
  AND minute >= toDateTime(%(since)s, 'UTC')
  AND minute < toDateTime(%(until)s, 'UTC')
