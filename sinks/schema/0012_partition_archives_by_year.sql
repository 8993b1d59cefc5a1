-- An archive spans years and comes in any order: by months each batch of it was cut into hundreds of
-- parts, so all runs but the live one are partitioned by year. Marks stand closer, for a few minutes of
-- every entity are asked for more often than long stretches of one. The rows move into new tables that
-- take the old ones' names. Safe to repeat wherever it broke off: what is copied is whole before it is
-- exchanged, and a copy starts anew. Nothing may write meanwhile.
DROP TABLE IF EXISTS reactions_next;
CREATE TABLE IF NOT EXISTS reactions_next AS reactions
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY if(run = 'live', toYYYYMM(observed_at), toYear(observed_at))
ORDER BY (run, entity, observed_at, platform, post_id)
TTL toDateTime(observed_at) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live'
SETTINGS index_granularity = 1024;
INSERT INTO reactions_next SELECT * FROM reactions
SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES reactions_next AND reactions;
DROP TABLE IF EXISTS reactions_next;
DROP TABLE IF EXISTS reactions_by_minute_next;
CREATE TABLE IF NOT EXISTS reactions_by_minute_next AS reactions_by_minute
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY if(run = 'live', toYYYYMM(minute), toYear(minute))
ORDER BY (run, entity, minute, platform, lang)
TTL toDateTime(minute) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live'
SETTINGS index_granularity = 512;
INSERT INTO reactions_by_minute_next SELECT * FROM reactions_by_minute
SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES reactions_by_minute_next AND reactions_by_minute;
DROP TABLE IF EXISTS reactions_by_minute_next;
