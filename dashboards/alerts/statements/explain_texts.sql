-- The posts of a list that are still there.
SELECT platform, post_id, observed_at, text, url
FROM reactions FINAL
WHERE run = %(run)s
  AND entity = %(entity)s
  AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
  AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
  AND (platform, post_id) IN %(posts)s
ORDER BY observed_at, platform, post_id
