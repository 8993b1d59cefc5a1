-- When the producer of a run began to send.
SELECT min(started_at) FROM ledger WHERE run = %(run)s
