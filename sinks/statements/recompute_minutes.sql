-- Compute anew the totals of the minutes in the external table `touched`, from the rows that count.
-- A total that is stored but whose rows are all gone comes out with zero posts, as deleted. The
-- version is above that of what is stored, also where the clock was set back.
-- An end without milliseconds would leave out parts that lie within the last second before it: the
-- server takes `<` a whole second for `<=` the second before when it chooses what to read.
INSERT INTO reactions_by_minute
    (run, entity, minute, platform, lang, posts, reposts, authors, negative, neutral, positive,
     unsure, unread, sentiment_sum, calling, calling_against, calling_for, calls, version, is_deleted)
SELECT
    run,
    entity,
    minute,
    platform,
    lang,
    sum(post_count) AS posts,
    sum(repost_count),
    arrayReduce('uniqExactState', groupUniqArrayArray(author_list)),
    sum(negative_count),
    sum(neutral_count),
    sum(positive_count),
    sum(unsure_count),
    sum(unread_count),
    sum(score_sum),
    sum(calling_count),
    sum(against_count),
    sum(for_count),
    sumMap(call_counts),
    greatest(toUInt64(%(version)s), max(stored_version) + 1),
    posts = 0
FROM
(
    SELECT
        run,
        entity,
        toStartOfMinute(toDateTime(observed_at)) AS minute,
        platform,
        lang,
        count() AS post_count,
        countIf(repost_of != '') AS repost_count,
        groupUniqArrayIf(author, author != '') AS author_list,
        countIf(sentiment_label = 'negative' AND sentiment_sure) AS negative_count,
        countIf(sentiment_label = 'neutral' AND sentiment_sure) AS neutral_count,
        countIf(sentiment_label = 'positive' AND sentiment_sure) AS positive_count,
        countIf(sentiment_label != 'unread' AND NOT sentiment_sure) AS unsure_count,
        countIf(sentiment_label = 'unread') AS unread_count,
        sum(toInt64(round(sentiment_score * 10000))) AS score_sum,
        countIf(notEmpty(`calls.action`)) AS calling_count,
        countIf(has(`calls.direction`, 'against')) AS against_count,
        countIf(has(`calls.direction`, 'for')) AS for_count,
        sumMap(CAST(
            arrayMap(
                call -> (call, toUInt64(1)),
                arrayDistinct(arrayMap(
                    (action, direction) -> concat(action, ' ', direction),
                    `calls.action`,
                    `calls.direction`
                ))
            ),
            'Map(LowCardinality(String), UInt64)'
        )) AS call_counts,
        toUInt64(0) AS stored_version
    FROM reactions FINAL
    WHERE observed_at >= toDateTime(%(first)s) AND observed_at < toDateTime64(%(end)s, 3)
        AND (run, toStartOfMinute(toDateTime(observed_at))) IN (SELECT run, minute FROM touched)
    GROUP BY run, entity, minute, platform, lang

    UNION ALL

    SELECT
        run, entity, minute, platform, lang, 0, 0, [], 0, 0, 0, 0, 0, 0, 0, 0, 0,
        CAST(map(), 'Map(LowCardinality(String), UInt64)'), version
    FROM reactions_by_minute -- every version, for FINAL would hide a deleted total
    WHERE minute >= toDateTime(%(first)s) AND minute < toDateTime(%(end)s)
        AND (run, minute) IN (SELECT run, minute FROM touched)
)
GROUP BY run, entity, minute, platform, lang
SETTINGS do_not_merge_across_partitions_select_final = 1
