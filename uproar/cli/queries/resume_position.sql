-- Where an interrupted replay goes on: the input record before which everything is stored. 0 when
-- the newest life of the producer came to its end, was asked to do something else, or has not told
-- of every partition yet.
SELECT argMax(if(is_finished OR plan != %(plan)s, 0, position), started_at)
FROM producer_lives
WHERE run = %(run)s AND source = %(source)s
