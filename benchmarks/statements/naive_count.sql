-- How many rows a run has so far.
SELECT count() FROM naive_reactions WHERE run = %(run)s
