-- What a watcher would have expected of every minute of every entity, from %(from_at)s to %(to_at)s.
INSERT INTO expected_by_minute (run, entity, minute, expected, score, is_spike, version)
SELECT
    %(run)s,
    concat('entity-', leftPad(toString(modulo(number, 20)), 2, '0')),
    toDateTime(%(from_at)s + 60 * intDiv(number, 20), 'UTC') AS minute,
    modulo(cityHash64(number), 100) / 50,
    0,
    modulo(intDiv(number, 20), 20160) < 120,
    1
FROM numbers(20 * intDiv(%(to_at)s - %(from_at)s, 60))
SETTINGS max_partitions_per_insert_block = 0
