-- What thresholds that go by totals measure, in the stretch with which an alert fired.
SELECT
    sum(posts) AS volume,
    sum(calling_against) AS against,
    sum(calling_for) AS in_favour,
    sum(calling) AS any_direction,
    sum(negative) AS surely_negative,
    sum(negative) + sum(neutral) + sum(positive) AS sure
FROM reactions_by_minute FINAL
WHERE run = %(run)s
  AND entity = %(entity)s
  AND minute >= toDateTime(%(since)s, 'UTC')
  AND minute < toDateTime(%(until)s, 'UTC')
