-- What a run's fingerprint is made of: one line a total, and its print, the first 16 bytes of the
-- line's SHA-256 as a number, least byte first. Nothing in a line depends on the key of pseudonyms, on
-- the order of rows or on when they were stored (docs/runs.md). It puts FINAL on what it reads.
CREATE VIEW IF NOT EXISTS total_prints AS
SELECT
    run,
    entity,
    minute,
    posts,
    calling_against,
    calling_for,
    concat(
        lower(hex(entity)), ' ', toString(toUnixTimestamp(minute)), ' ',
        lower(hex(platform)), ' ', lower(hex(lang)), ' ',
        toString(posts), ' ', toString(reposts), ' ', toString(finalizeAggregation(authors)), ' ',
        toString(negative), ' ', toString(neutral), ' ', toString(positive), ' ',
        toString(unsure), ' ', toString(unread), ' ', toString(sentiment_sum), ' ',
        toString(calling), ' ', toString(calling_against), ' ', toString(calling_for), ' ',
        arrayStringConcat(
            arraySort(
                arrayMap(
                    (name, posts_then) -> concat(lower(hex(name)), '=', toString(posts_then)),
                    arrayFilter((name, posts_then) -> posts_then > 0, mapKeys(calls), mapValues(calls)),
                    arrayFilter(posts_then -> posts_then > 0, mapValues(calls))
                )
            ),
            ','
        )
    ) AS line,
    reinterpretAsUInt128(substring(SHA256(line), 1, 16)) AS print
FROM reactions_by_minute FINAL;
