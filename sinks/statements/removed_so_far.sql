-- How many runs were dropped and how many authors are gone. Mostly there are none, and then nobody need
-- be looked up.
SELECT (SELECT count() FROM dropped_runs), (SELECT count() FROM erased_authors)
