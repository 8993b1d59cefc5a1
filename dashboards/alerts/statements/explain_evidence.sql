-- The words that show calls to action in the newest posts of a stretch: of each action and
-- direction the most frequent, as far as two authors use them.
SELECT
    action,
    direction,
    substringUTF8(lowerUTF8(words), 1, 80) AS evidence,
    count() AS posts
FROM
(
    SELECT if(author = '', post_id, author) AS voice, calls.action, calls.direction, calls.evidence
    FROM reactions FINAL
    WHERE run = %(run)s
      AND entity = %(entity)s
      AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
      AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
    ORDER BY observed_at DESC, platform, post_id
    LIMIT %(most)s
)
ARRAY JOIN
    calls.action AS action,
    calls.direction AS direction,
    calls.evidence AS words
GROUP BY action, direction, evidence
HAVING uniqExact(voice) >= 2
ORDER BY posts DESC, action, direction, evidence
LIMIT 3 BY action, direction
LIMIT 15
