-- Compute anew the coarser totals of the stretches in the external table `touched`, from the finer
-- ones that count: {table} by {column} from {finer_table} by {finer_column}. A total whose finer ones
-- are all gone comes out with zero posts, as deleted. The version is above that of what is stored.
INSERT INTO {table}
    (run, entity, {column}, platform, lang, posts, reposts, authors, negative, neutral, positive,
     unsure, unread, sentiment_sum, calling, calling_against, calling_for, calls, version, is_deleted)
SELECT
    run,
    entity,
    stretch,
    platform,
    lang,
    sum(post_count),
    sum(repost_count),
    uniqExactMergeState(author_set),
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
    sum(post_count) = 0
FROM
(
    SELECT
        run,
        entity,
        {start}({finer_column}) AS stretch,
        platform,
        lang,
        posts AS post_count,
        reposts AS repost_count,
        authors AS author_set,
        negative AS negative_count,
        neutral AS neutral_count,
        positive AS positive_count,
        unsure AS unsure_count,
        unread AS unread_count,
        sentiment_sum AS score_sum,
        calling AS calling_count,
        calling_against AS against_count,
        calling_for AS for_count,
        calls AS call_counts,
        toUInt64(0) AS stored_version
    FROM {finer_table} FINAL
    WHERE {finer_column} >= toDateTime(%(first)s) AND {finer_column} < toDateTime(%(end)s)
        AND (run, {start}({finer_column})) IN (SELECT run, stretch FROM touched)

    UNION ALL

    SELECT
        run, entity, {column}, platform, lang, 0, 0,
        arrayReduce('uniqExactState', emptyArrayString()), 0, 0, 0, 0, 0, 0, 0, 0, 0,
        CAST(map(), 'Map(LowCardinality(String), UInt64)'), version
    FROM {table} -- every version, for FINAL would hide a deleted total
    WHERE {column} >= toDateTime(%(first)s) AND {column} < toDateTime(%(end)s)
        AND (run, {column}) IN (SELECT run, stretch FROM touched)
)
GROUP BY run, entity, stretch, platform, lang
SETTINGS do_not_merge_across_partitions_select_final = 1, max_partitions_per_insert_block = 0,
    max_block_size = 16384, max_bytes_before_external_group_by = 300000000
