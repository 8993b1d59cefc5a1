-- How many rows a run has so far, whatever replaces what: cheap enough to be asked all the time.
SELECT count() FROM reactions WHERE run = %(run)s
