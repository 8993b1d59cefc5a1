-- The newest stored state of the posts in the external table `ids`; times in milliseconds.
SELECT
    run, platform, post_id, version, is_deleted, toUnixTimestamp64Milli(observed_at), entities, partition,
    first_source, toUnixTimestamp64Milli(first_started_at), first_number, first_place
FROM post_states FINAL
WHERE (run, platform, post_id) IN (SELECT run, platform, post_id FROM ids)
