-- How many rows these authors still have, hidden ones included.
SELECT count()
FROM reactions
WHERE author IN %(authors)s AND toUnixTimestamp64Milli(observed_at) <= %(until)s
