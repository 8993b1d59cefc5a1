-- How the tables of the database are defined.
SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()
