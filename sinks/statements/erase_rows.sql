-- Take every version of the rows of these authors off the disk, not only out of sight.
ALTER TABLE reactions
DELETE WHERE author IN %(authors)s AND toUnixTimestamp64Milli(observed_at) <= %(until)s
SETTINGS mutations_sync = 2
