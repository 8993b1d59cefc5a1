-- Changes of thresholds, the newest first: of one entity, or of all where it is empty.
SELECT changed_at, author, origin, entity, signal, severity, act, before, after
FROM threshold_changes FINAL
WHERE %(entity)s = '' OR entity = %(entity)s
ORDER BY version DESC, entity, signal, severity
LIMIT %(most)s
