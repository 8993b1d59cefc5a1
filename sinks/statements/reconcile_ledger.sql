-- What is in the ledger of a run, over distinct packs, for each partition of each topic and each life
-- of a producer: the packs that its watermarks speak for (number <= packs told), and what came behind.
WITH
    told AS
    (
        SELECT
            source, started_at, partition,
            max(watermarks.packs) AS packs,
            max(watermarks.letter_packs) AS letter_packs
        FROM watermarks
        WHERE run = %(run)s AND stream = 'reactions'
        GROUP BY source, started_at, partition
    ),
    seen_pieces AS -- however often it came, the newest word on it counts
    (
        SELECT
            source, started_at, stream, stage, partition, number, piece,
            argMax(ledger.pieces, stored_at) AS pieces,
            argMax(ledger.read, stored_at) AS read,
            argMax(ledger.failed, stored_at) AS failed,
            argMax(ledger.told, stored_at) AS told,
            argMax(ledger.records, stored_at) AS records,
            argMax(ledger.bad, stored_at) AS bad,
            argMax(ledger.new_posts, stored_at) AS new_posts,
            argMax(ledger.further, stored_at) AS further,
            argMax(ledger.unmentioned, stored_at) AS unmentioned,
            count() AS times
        FROM ledger FINAL
        WHERE run = %(run)s
        GROUP BY source, started_at, stream, stage, partition, number, piece
    ),
    seen_packs AS
    (
        SELECT
            source, started_at, stream, stage, partition, number,
            count() < any(p.pieces) AS is_torn,
            any(p.read) AS read,
            any(p.failed) AS failed,
            sum(p.told) AS told,
            sum(p.records) AS records,
            sum(p.bad) AS bad,
            sum(p.new_posts) AS new_posts,
            sum(p.further) AS further,
            sum(p.unmentioned) AS unmentioned,
            sum(p.times) - count() AS repeats
        FROM seen_pieces AS p
        GROUP BY source, started_at, stream, stage, partition, number
    )
SELECT
    s.source, s.started_at, s.stream, s.stage, s.partition,
    countIf(is_spoken_for) AS packs,
    countIf(is_spoken_for AND s.is_torn) AS torn,
    sumIf(s.read, is_spoken_for),
    sumIf(s.failed, is_spoken_for),
    sumIf(s.told, is_spoken_for),
    sumIf(s.records, is_spoken_for),
    sumIf(s.bad, is_spoken_for),
    sumIf(s.new_posts, is_spoken_for),
    sumIf(s.further, is_spoken_for),
    sumIf(s.unmentioned, is_spoken_for),
    sum(s.new_posts) AS every_new_post,
    sum(s.failed) AS every_failed,
    sum(s.repeats) AS repeats,
    countIf(NOT is_spoken_for) AS packs_beyond
FROM
(
    SELECT
        p.*,
        p.number <= if(p.stream = 'dead-letters' AND p.stage = 'producer', t.letter_packs, t.packs)
            AS is_spoken_for
    FROM seen_packs AS p
    LEFT JOIN told AS t USING (source, started_at, partition)
) AS s
GROUP BY s.source, s.started_at, s.stream, s.stage, s.partition
ORDER BY s.source, s.started_at, s.stream, s.stage, s.partition
