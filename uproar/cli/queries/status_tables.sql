-- What the tables take on disk, in what everybody may see who may read them.
SELECT name, total_rows, total_bytes
FROM system.tables
WHERE database = currentDatabase() AND total_bytes > 0
ORDER BY total_bytes DESC
