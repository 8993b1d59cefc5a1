-- Mask rows of what was removed at once, for every read; their text leaves the disk with the next merge
-- of its part.
DELETE FROM {table}
WHERE is_deleted = 0
    AND observed_at >= fromUnixTimestamp64Milli(%(first)s)
    AND observed_at <= fromUnixTimestamp64Milli(%(last)s)
    AND (run, entity, toUnixTimestamp64Milli(observed_at), platform, post_id, version) IN %(keys)s
