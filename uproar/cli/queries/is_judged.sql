-- Whether the watcher has judged the last minute of a run in which anything was said, and how far it is.
SELECT
    ((SELECT max(minute) FROM reactions_by_minute WHERE run = %(run)s) AS last) = toDateTime(0, 'UTC')
        OR ((SELECT max(judged_before) FROM watch_marks WHERE run = %(run)s) AS judged) > last,
    judged
