-- Whether everything read is accounted for: what is left over must be 0. One row a run.
SELECT
    sum(l.read) AS read_records,
    sum(l.kept) AS kept_posts,
    sum(l.filtered) AS filtered_posts,
    sum(l.deletions) AS deletions,
    sum(arraySum(mapValues(l.dead_letters))) AS unreadable_records,
    toInt64(read_records) - kept_posts - filtered_posts - deletions - unreadable_records AS left_over
FROM runs AS l FINAL
WHERE l.run = ${run:singlequote}
