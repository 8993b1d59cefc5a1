-- Rows, and how many of them differ: equal where none is there twice.
SELECT count(), uniqExact(entity, platform, post_id), uniqExact(platform, post_id)
FROM naive_reactions
WHERE run = %(run)s
