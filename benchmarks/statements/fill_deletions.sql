-- Take one post in 500 of a stretch away again, as a deletion does.
INSERT INTO reactions (run, entity, observed_at, platform, post_id, version, is_deleted)
SELECT run, entity, observed_at, platform, post_id, toUInt64(9223372036854775808), 1
FROM reactions
WHERE run = %(run)s
    AND observed_at >= toDateTime(%(from_at)s) AND observed_at < toDateTime64(%(to_at)s, 3)
    AND modulo(sipHash64(post_id), 500) = 0
SETTINGS max_partitions_per_insert_block = 0
