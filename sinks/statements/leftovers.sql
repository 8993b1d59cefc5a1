-- Rows older than a removal of the last day: hidden from every read FINAL, but still there for a read
-- that forgets it, until a merge comes by.
WITH removed AS
(
    SELECT run, entity, observed_at, platform, post_id, max(version) AS gone_version
    FROM {table}
    WHERE is_deleted = 1 AND {is_recent}
    GROUP BY run, entity, observed_at, platform, post_id
)
SELECT DISTINCT
    r.run, r.entity, toUnixTimestamp64Milli(r.observed_at), r.platform, r.post_id, r.version
FROM {table} AS r
INNER JOIN removed AS g USING (run, entity, observed_at, platform, post_id)
WHERE r.is_deleted = 0 AND r.version < g.gone_version
    AND (r.run, r.entity, r.observed_at, r.platform, r.post_id) IN
        (SELECT run, entity, observed_at, platform, post_id FROM removed)
LIMIT %(most)s
