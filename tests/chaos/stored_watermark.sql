-- How far a run is stored, whether it has come to its end, and at which input record.
SELECT observed_before, is_finished, (SELECT argMax(position, started_at) FROM producer_lives WHERE run = %(run)s)
FROM run_watermarks
WHERE run = %(run)s
