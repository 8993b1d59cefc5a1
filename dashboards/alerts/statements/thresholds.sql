-- Every threshold as it is now.
SELECT
    entity, signal, severity, above, per_seconds, at_least, direction, sensitivity, for_seconds,
    cooldown_seconds, most_per_hour, mutes, muted_from, muted_until, origin, author, changed_at, version
FROM thresholds FINAL
ORDER BY entity, signal, severity
