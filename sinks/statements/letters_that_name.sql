-- How many dead letters name one of these people.
SELECT run, count() FROM dead_letters FINAL WHERE match(payload, %(pattern)s) GROUP BY run
