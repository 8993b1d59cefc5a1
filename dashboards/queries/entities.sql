-- Which entities are talked about most, in what mood, and whom a crowd calls to act against.
SELECT
    m.entity AS entity,
    sum(m.posts) AS mentions,
    uniqExactMerge(m.authors) AS unique_authors,
    sum(m.negative) / nullIf(sum(m.posts) - sum(m.unread) - sum(m.unsure), 0) AS negative_share,
    sum(m.sentiment_sum) / 10000 / nullIf(sum(m.posts) - sum(m.unread), 0) AS mean_score,
    sum(m.calling_against) AS posts_against,
    sum(m.calling_for) AS posts_for
FROM totals_between(from_at = toUnixTimestamp($__fromTime), to_at = toUnixTimestamp($__toTime), step_seconds = 86400) AS m
WHERE m.run = ${run:singlequote}
  AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
GROUP BY m.entity
ORDER BY mentions DESC, entity
LIMIT 100
