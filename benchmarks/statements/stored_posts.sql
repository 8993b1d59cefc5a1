-- What is stored of a run whose posts all mention one entity: posts, posts counted by minute, messages
-- that came, and how many of these were not repeats.
SELECT
    (SELECT uniqExact(platform, post_id) FROM reactions FINAL WHERE run = %(run)s AND entity = 'epik'),
    (SELECT sum(posts) FROM reactions_by_minute FINAL WHERE run = %(run)s AND entity = 'epik'),
    (SELECT count() FROM ledger FINAL WHERE run = %(run)s AND stream = 'reactions' AND stage = 'streams'),
    (
        SELECT uniqExact(source, started_at, partition, number, piece)
        FROM ledger FINAL
        WHERE run = %(run)s AND stream = 'reactions' AND stage = 'streams'
    )
