-- What each table holds: rows, parts, bytes on disk.
SELECT table, sum(rows) AS rows, count() AS parts, sum(bytes_on_disk) AS bytes
FROM system.parts
WHERE active AND database = currentDatabase()
GROUP BY table
HAVING rows > 0
ORDER BY bytes DESC
