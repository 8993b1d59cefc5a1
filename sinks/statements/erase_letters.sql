-- Take the dead letters off the disk whose bytes name one of these people, as a word of its own.
ALTER TABLE dead_letters
DELETE WHERE match(payload, %(pattern)s)
SETTINGS mutations_sync = 2
