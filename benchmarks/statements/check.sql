-- Rows that count, how many of them differ, and of how many posts they are.
SELECT count(), uniqExact(entity, platform, post_id), uniqExact(platform, post_id)
FROM reactions FINAL
WHERE run = %(run)s
