-- The columns of tables, in order.
SELECT table, name, type, default_expression
FROM system.columns
WHERE database = currentDatabase() AND table IN %(tables)s
ORDER BY table, position
