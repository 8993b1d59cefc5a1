-- Users for Uproar on a ClickHouse of your own, with the least rights that each needs.
-- Written by `python -m deploy.clickhouse`, from the roles that the local stack has, too.
--
-- For an administrator to run: clickhouse-client --multiquery < users.sql
-- Before that, put the SHA-256 of a password of your own in the place of each REPLACE; no user is
-- created where one is left, for it is no hash. A password and its hash:
--   password=$(openssl rand -hex 24); echo "$password"; printf %s "$password" | sha256sum
-- Narrow HOST ANY to the networks that your machines are in: HOST IP '10.0.0.0/8'.
--
-- Then, for Uproar:
--   UPROAR_CLICKHOUSE_MIGRATOR_URL  clickhouses://uproar_migrator:…@host:9440/uproar
--   UPROAR_CLICKHOUSE_URL           clickhouses://uproar_writer:…@host:9440/uproar
--   UPROAR_CLICKHOUSE_READER_URL    clickhouses://uproar_reader:…@host:9440/uproar

-- uproar_migrator: owns the tables: creates and changes them, and nothing outside their database.
CREATE ROLE IF NOT EXISTS uproar_can_migrate;
GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, ALTER TABLE, ALTER VIEW, DROP TABLE, DROP VIEW, TRUNCATE, OPTIMIZE, SELECT, INSERT ON uproar.* TO uproar_can_migrate;
GRANT TABLE ENGINE ON MergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON ReplacingMergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON AggregatingMergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON ReplicatedMergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON ReplicatedReplacingMergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON ReplicatedAggregatingMergeTree TO uproar_can_migrate;
GRANT TABLE ENGINE ON Distributed TO uproar_can_migrate;
GRANT SELECT ON system.parts TO uproar_can_migrate;
GRANT SELECT ON system.merges TO uproar_can_migrate;
GRANT SELECT ON system.mutations TO uproar_can_migrate;
GRANT CREATE TEMPORARY TABLE ON *.* TO uproar_can_migrate;
CREATE USER IF NOT EXISTS uproar_migrator
    IDENTIFIED WITH sha256_hash BY 'REPLACE: SHA-256 of the password of uproar_migrator'
    HOST ANY;
GRANT uproar_can_migrate TO uproar_migrator;

-- uproar_writer: the sink and the commands that erase: rows in and out, never the tables themselves.
CREATE ROLE IF NOT EXISTS uproar_can_write;
GRANT SELECT, INSERT, ALTER DELETE ON uproar.* TO uproar_can_write;
GRANT CREATE TEMPORARY TABLE ON *.* TO uproar_can_write;
CREATE USER IF NOT EXISTS uproar_writer
    IDENTIFIED WITH sha256_hash BY 'REPLACE: SHA-256 of the password of uproar_writer'
    HOST ANY;
GRANT uproar_can_write TO uproar_writer;

-- uproar_reader: Grafana, the built-in page and `uproar query`: reads the tables, within limits.
CREATE ROLE IF NOT EXISTS uproar_can_read;
CREATE SETTINGS PROFILE IF NOT EXISTS uproar_can_read;
ALTER SETTINGS PROFILE uproar_can_read SETTINGS
    readonly = 1,
    max_execution_time = 30 MIN 1 MAX 60 CHANGEABLE_IN_READONLY,
    max_memory_usage = 1000000000,
    max_memory_usage_for_user = 1500000000,
    max_temporary_data_on_disk_size_for_user = 5000000000,
    max_rows_to_read = 2000000000,
    max_result_rows = 1000000,
    max_result_bytes = 500000000,
    result_overflow_mode = 'throw',
    max_concurrent_queries_for_user = 30;
ALTER ROLE uproar_can_read SETTINGS PROFILE 'uproar_can_read';
GRANT SELECT ON uproar.* TO uproar_can_read;
CREATE QUOTA IF NOT EXISTS uproar_can_read;
ALTER QUOTA uproar_can_read KEYED BY user_name
    FOR INTERVAL 60 second MAX queries = 3000, errors = 1000, result_rows = 50000000, read_rows = 50000000000, execution_time = 600
    TO uproar_can_read;
CREATE USER IF NOT EXISTS uproar_reader
    IDENTIFIED WITH sha256_hash BY 'REPLACE: SHA-256 of the password of uproar_reader'
    HOST ANY;
GRANT uproar_can_read TO uproar_reader;
