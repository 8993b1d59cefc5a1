-- How many of the newest posts of a stretch say what another one says, the first of each aside.
-- Copies are the same but for case, links, handles and whatever is no letter or digit. Near
-- duplicates, copies among them, share one of two MinHash prints of their runs of three words with
-- a post before them: of two posts of twenty words, four in five do where one word differs, half where
-- two do, and hardly any that have but a phrase in common. Below six words, only copies count.
SELECT
    count() AS posts,
    count() - uniqExact(print) AS copies,
    countIf(nth_of_lowest > 1 OR nth_of_highest > 1) AS near_duplicates
FROM
(
    SELECT
        print,
        row_number() OVER (PARTITION BY lowest ORDER BY observed_at, platform, post_id)
            AS nth_of_lowest,
        row_number() OVER (PARTITION BY highest ORDER BY observed_at, platform, post_id)
            AS nth_of_highest
    FROM
    (
        SELECT
            platform,
            post_id,
            observed_at,
            trim(replaceRegexpAll(lowerUTF8(text), 'https?://\\S+|@[\\w.]+|[^\\pL\\pN]+', ' ')) AS said,
            cityHash64(said) AS print,
            length(splitByWhitespace(said)) >= 6 AS is_long,
            wordShingleMinHashUTF8(said, 3, 2) AS hashes,
            if(is_long, hashes.1, print) AS lowest,
            if(is_long, hashes.2, print) AS highest
        FROM reactions FINAL
        WHERE run = %(run)s
          AND entity = %(entity)s
          AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
          AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
        ORDER BY observed_at DESC, platform, post_id
        LIMIT %(most)s
    )
)
