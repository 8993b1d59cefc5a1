-- How much was said in the range, by how many, in what mood, and how many called for action. One row.
-- A post that mentions two entities counts as two mentions; an author counts once.
SELECT
    sum(m.posts) AS mentions,
    sum(m.reposts) AS repeats,
    uniqExactMerge(m.authors) AS unique_authors,
    sum(m.negative) AS negative_posts,
    sum(m.neutral) AS neutral_posts,
    sum(m.positive) AS positive_posts,
    sum(m.unsure) AS unsure_posts,
    sum(m.unread) AS unread_posts,
    sum(m.calling) AS posts_calling,
    sum(m.calling_against) AS posts_against,
    sum(m.calling_for) AS posts_for
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
