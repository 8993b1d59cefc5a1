-- Posts that show what an alert is about: those that are `wanted` first, then those that most reacted
-- to; one an author, and one of each wording.
SELECT platform, post_id
FROM
(
    SELECT
        platform,
        post_id,
        observed_at,
        voice,
        is_wanted,
        reacted
    FROM
    (
        SELECT
            platform,
            post_id,
            observed_at,
            if(author = '', post_id, author) AS voice,
            cityHash64(
                trim(replaceRegexpAll(lowerUTF8(text), 'https?://\\S+|@[\\w.]+|[^\\pL\\pN]+', ' '))
            ) AS print,
            likes + reposts + replies + quotes AS reacted,
            multiIf(
                %(wanted)s = 'calls',
                %(direction)s = 'any' AND notEmpty(calls.direction) OR has(calls.direction, %(direction)s),
                %(wanted)s = 'negative',
                sentiment_label = 'negative' AND sentiment_sure,
                %(wanted)s = 'term',
                position(lowerUTF8(text), %(term)s) > 0
                    OR arrayExists(words -> lowerUTF8(words) = %(term)s, calls.evidence),
                notEmpty(calls.direction)
            ) AS is_wanted
        FROM reactions FINAL
        WHERE run = %(run)s
          AND entity = %(entity)s
          AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
          AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
        ORDER BY observed_at DESC, platform, post_id
        LIMIT %(most)s
    )
    ORDER BY is_wanted DESC, reacted DESC, observed_at, platform, post_id
    LIMIT 1 BY print
)
ORDER BY is_wanted DESC, reacted DESC, observed_at, platform, post_id
LIMIT 1 BY voice
LIMIT 5
