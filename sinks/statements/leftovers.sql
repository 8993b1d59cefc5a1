-- Rows of posts that were deleted in the last day: hidden from every read FINAL, but still there for
-- a read that forgets it, until a merge comes by.
SELECT run, entity, toUnixTimestamp64Milli(observed_at), platform, post_id
FROM reactions
WHERE is_deleted = 0
    AND (run, entity, observed_at, platform, post_id) IN
    (
        SELECT run, entity, observed_at, platform, post_id
        FROM reactions
        WHERE is_deleted = 1 AND version = %(deleted_version)s AND stored_at > now() - INTERVAL 1 DAY
    )
LIMIT 1 BY run, entity, observed_at, platform, post_id
LIMIT %(most)s
