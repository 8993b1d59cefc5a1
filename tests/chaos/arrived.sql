-- How many records of a run came to the sink, those that came more than once with them.
SELECT sum(records)
FROM ledger FINAL
WHERE run = %(run)s AND stream = 'reactions'
