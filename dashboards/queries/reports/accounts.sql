-- Whether everything that was read is accounted for: what is left over must be 0. One row, of the whole run.
SELECT
    sum(s.read) AS read_records,
    sum(s.kept) AS kept_posts,
    sum(s.filtered) AS filtered_posts,
    sum(s.deletions) AS deletions,
    sum(arraySum(mapValues(s.dead_letters))) AS unreadable_records,
    toInt64(read_records) - toInt64(kept_posts) - toInt64(filtered_posts) - toInt64(deletions)
        - toInt64(unreadable_records) AS left_over,
    arrayStringConcat(arraySlice(arraySort(groupUniqArrayArray(s.inputs)), 1, 5), ', ') AS inputs
FROM run_sources AS s
WHERE s.run = ${run:singlequote}
