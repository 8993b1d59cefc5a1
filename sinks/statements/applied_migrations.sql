-- The schema files that these tables have seen, with their content's checksum.
SELECT name, checksum FROM schema_migrations FINAL
