-- The dead letters of a run, in the order of their places; those that were read again are none.
SELECT
    run, stage, source, position, part, fingerprint, reason, detail, base64Encode(payload), size_bytes,
    received_at
FROM dead_letters FINAL
WHERE run = %(run)s
    AND replayed_at IS NULL
    AND (empty(%(reason)s) OR reason = %(reason)s)
    AND (empty(%(source)s) OR (source = %(source)s AND position = %(position)s))
ORDER BY stage, source, position, part, fingerprint
LIMIT %(most)s
