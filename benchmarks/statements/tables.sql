-- Tables that hold rows.
SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree%' AND total_rows > 0 AND name != 'schema_migrations'
