-- How many records of a live source are stored, by the newest of its lives that has stored any.
SELECT argMax(position, started_at)
FROM producer_lives
WHERE run = %(run)s AND source = %(source)s AND position > 0
