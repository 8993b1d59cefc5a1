-- How many rows a table has of a run, those that newer ones replace included.
SELECT count() FROM {table} WHERE run = %(run)s
