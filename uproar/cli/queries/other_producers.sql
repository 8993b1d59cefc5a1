-- Producers of a run other than this one.
SELECT DISTINCT source FROM runs WHERE run = %(run)s AND source != %(source)s
