-- The letters in the external table `mended` became records: they are none any more, and their bytes
-- go. A message of the letter that is read again is older than this row and changes nothing.
INSERT INTO dead_letters
    (run, stage, source, position, part, fingerprint, reason, detail, payload, size_bytes,
     received_at, replayed_at)
SELECT
    run, stage, source, position, part, fingerprint, reason, detail, '', size_bytes,
    received_at + INTERVAL 1 MILLISECOND, now64(3)
FROM dead_letters FINAL
WHERE run = %(run)s
    AND replayed_at IS NULL
    AND (stage, source, position, part, fingerprint)
        IN (SELECT stage, source, position, part, fingerprint FROM mended)
