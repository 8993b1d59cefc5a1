-- The newest stored state of the posts in the external table `ids`.
SELECT
    run, platform, post_id, version, is_deleted, observed_at, entities, partition, first_source,
    first_started_at, first_number, first_place
FROM post_states FINAL
WHERE (run, platform, post_id) IN (SELECT run, platform, post_id FROM ids)
