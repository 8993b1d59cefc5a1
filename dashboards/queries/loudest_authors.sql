-- Who says most, and which part of everything that is: is it a crowd or a few?
SELECT
    r.author AS author,
    count() AS mentions,
    count() / sum(count()) OVER () AS share,
    countIf(has(r.calls.direction, 'against')) AS posts_against,
    avgOrNullIf(r.sentiment_score, r.sentiment_label != 'unread') AS mean_score
FROM reactions AS r FINAL
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
  AND r.author != ''
GROUP BY r.author
ORDER BY mentions DESC, author
LIMIT 20
