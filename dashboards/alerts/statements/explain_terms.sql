-- Hashtags, words of calls and other words that are new in a stretch: three posts of two authors use
-- them, and at least four times as many as would at their share of the baseline, which is the stretch
-- before. Words that are neither count where fifty posts stand there to compare with.
SELECT
    term,
    countIf(is_now) AS posts,
    countIf(NOT is_now) * %(newest)s / greatest(%(baseline_posts)s, 1) AS usual
FROM
(
    SELECT
        observed_at >= toDateTime64(%(since)s, 3, 'UTC') AS is_now,
        if(author = '', post_id, author) AS voice,
        lowerUTF8(text) AS said,
        arrayJoin(
            arrayDistinct(
                arrayConcat(
                    if(position(said, '#') > 0, extractAll(said, '#[\\pL\\pN_]+'), []),
                    arrayMap(words -> lowerUTF8(words), calls.evidence),
                    arrayFilter(
                        word -> lengthUTF8(word) >= 4,
                        if(
                            %(baseline_posts)s >= 50,
                            -- A regular expression for every post would take longer than all else.
                            splitByNonAlpha(
                                if(
                                    position(said, '@') > 0 OR position(said, '://') > 0,
                                    replaceRegexpAll(said, 'https?://\\S+|@\\S+', ' '),
                                    said
                                )
                            ),
                            []
                        )
                    )
                )
            )
        ) AS term
    FROM
    (
        SELECT observed_at, author, post_id, text, calls.evidence
        FROM reactions FINAL
        WHERE run = %(run)s
          AND entity = %(entity)s
          AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
          AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
        ORDER BY observed_at DESC, platform, post_id
        LIMIT %(most)s
        UNION ALL
        SELECT observed_at, author, post_id, text, calls.evidence
        FROM reactions FINAL
        WHERE run = %(run)s
          AND entity = %(entity)s
          AND observed_at >= toDateTime64(%(baseline_since)s, 3, 'UTC')
          AND observed_at < toDateTime64(%(since)s, 3, 'UTC')
    )
)
WHERE lengthUTF8(term) <= 80
GROUP BY term
HAVING posts >= 3 AND uniqExactIf(voice, is_now) >= 2 AND posts >= 4 * usual
ORDER BY posts - usual DESC, term
LIMIT 30
