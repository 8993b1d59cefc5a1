-- The alerts of a run that last: those about entities, or those about the run being late.
SELECT
    id, threshold, term, started_at, fired_at, peak_at, ended_at, value, expected, peak_value, posts,
    silence, explanation
FROM alerts FINAL
WHERE run = %(run)s
  AND ended_at IS NULL
  AND (signal = 'late') = %(is_late)s
