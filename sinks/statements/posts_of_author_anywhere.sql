-- The stored posts of these authors in every run, those that a read FINAL hides included.
SELECT DISTINCT run, platform, post_id
FROM reactions
WHERE author IN %(authors)s AND toUnixTimestamp64Milli(observed_at) <= %(until)s AND is_deleted = 0
