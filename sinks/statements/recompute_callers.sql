-- Find anew which reactions of the minutes in the external table `touched` call for action. One that
-- is stored and does not any more comes out as deleted. The version is above that of what is stored.
-- An end without milliseconds would leave out parts that lie within the last second before it: the
-- server takes `<` a whole second for `<=` the second before when it chooses what to read.
INSERT INTO calling_reactions
    (run, entity, observed_at, platform, post_id, version, is_deleted, author, lang,
     calls.action, calls.direction, calls.addressee, calls.evidence, calls.confidence)
SELECT
    run,
    entity,
    observed_at,
    platform,
    post_id,
    greatest(toUInt64(%(version)s), max(stored_version) + 1),
    max(is_calling) = 0,
    anyLastIf(row_author, is_calling = 1),
    anyLastIf(row_lang, is_calling = 1),
    anyLastIf(actions, is_calling = 1),
    anyLastIf(directions, is_calling = 1),
    anyLastIf(addressees, is_calling = 1),
    anyLastIf(evidences, is_calling = 1),
    anyLastIf(confidences, is_calling = 1)
FROM
(
    SELECT
        run,
        entity,
        observed_at,
        platform,
        post_id,
        toUInt64(0) AS stored_version,
        toUInt8(1) AS is_calling,
        author AS row_author,
        lang AS row_lang,
        `calls.action` AS actions,
        `calls.direction` AS directions,
        `calls.addressee` AS addressees,
        `calls.evidence` AS evidences,
        `calls.confidence` AS confidences
    FROM reactions FINAL
    WHERE observed_at >= toDateTime(%(first)s) AND observed_at < toDateTime64(%(end)s, 3)
        AND (run, toStartOfMinute(toDateTime(observed_at))) IN (SELECT run, minute FROM touched)
        AND notEmpty(`calls.action`)

    UNION ALL

    SELECT
        run, entity, observed_at, platform, post_id, version, 0, '', '', [], [], [], [], []
    FROM calling_reactions -- every version, for FINAL would hide what is deleted
    WHERE observed_at >= toDateTime(%(first)s) AND observed_at < toDateTime64(%(end)s, 3)
        AND (run, toStartOfMinute(toDateTime(observed_at))) IN (SELECT run, minute FROM touched)
)
GROUP BY run, entity, observed_at, platform, post_id
SETTINGS do_not_merge_across_partitions_select_final = 1, max_partitions_per_insert_block = 0,
    max_block_size = 16384, max_bytes_before_external_group_by = 300000000
