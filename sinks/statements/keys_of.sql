-- By what tables are sorted and partitioned, and their engines.
SELECT name, engine, sorting_key, partition_key
FROM system.tables
WHERE database = currentDatabase() AND name IN %(tables)s
