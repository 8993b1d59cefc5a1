-- The states of the posts of a stretch, as the sink keeps them.
INSERT INTO post_states (run, platform, post_id, version, is_deleted, observed_at, entities)
SELECT run, platform, post_id, max(version), max(is_deleted), any(observed_at), groupUniqArray(entity)
FROM reactions
WHERE run = %(run)s
    AND observed_at >= toDateTime(%(from_at)s) AND observed_at < toDateTime64(%(to_at)s, 3)
GROUP BY run, platform, post_id
