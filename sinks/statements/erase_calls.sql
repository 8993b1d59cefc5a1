-- The same for the words with which these authors have called for action.
ALTER TABLE calling_reactions
DELETE WHERE author IN %(authors)s AND toUnixTimestamp64Milli(observed_at) <= %(until)s
SETTINGS mutations_sync = 2
