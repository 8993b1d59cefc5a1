-- The fingerprint of a run's totals: their number and the sum of their prints, which is the same in
-- any order, hashed once more. Also how many totals and mentions it speaks for.
SELECT
    lower(hex(substring(SHA256(concat(toString(count()), ' ', toString(sum(print)))), 1, 16))),
    count(),
    sum(posts)
FROM total_prints
WHERE run = %(run)s
