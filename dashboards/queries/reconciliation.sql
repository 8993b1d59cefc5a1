-- Whether everything read is accounted for: what is left over must be 0. One row a run.
SELECT
    sum(s.read) AS read_records,
    sum(s.kept) AS kept_posts,
    sum(s.filtered) AS filtered_posts,
    sum(s.deletions) AS deletions,
    sum(arraySum(mapValues(s.dead_letters))) AS unreadable_records,
    toInt64(read_records) - kept_posts - filtered_posts - deletions - unreadable_records AS left_over
FROM run_sources AS s
WHERE s.run = ${run:singlequote}
