-- Every dead letter of a run, and of none that is known.
SELECT position, reason
FROM dead_letters FINAL
WHERE run IN (%(run)s, 'unknown')
