-- Which of the posts that are waited for have arrived. The key's first columns narrow it down.
SELECT DISTINCT post_id
FROM {table}
WHERE run = %(run)s
    AND entity IN %(entities)s
    AND observed_at >= toDateTime64(%(first)s, 3, 'UTC')
    AND observed_at <= toDateTime64(%(last)s, 3, 'UTC')
    AND post_id IN %(ids)s
