-- The alerts of a run, the newest first: those that fired in a stretch, of some entities or of all.
SELECT
    id, entity, signal, severity, term, started_at, fired_at, peak_at, ended_at, value, expected,
    peak_value, posts, silence
FROM alerts FINAL
WHERE run = %(run)s
  AND fired_at >= toDateTime(%(since)s, 'UTC')
  AND (%(any)s OR entity IN %(entities)s)
ORDER BY fired_at DESC, entity, signal, severity, id
LIMIT %(most)s
