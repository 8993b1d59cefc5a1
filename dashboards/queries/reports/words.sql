-- The words in which action is asked for, most repeated first, letter case aside.
SELECT
    argMin(call.evidence, (r.observed_at, r.post_id)) AS evidence,
    call.action AS action,
    call.direction AS direction,
    uniqExact(r.platform, r.post_id) AS posts_calling,
    uniqExactIf(r.author, r.author != '') AS unique_authors
FROM calling_reactions AS r FINAL
ARRAY JOIN r.calls AS call
WHERE r.run = ${run:singlequote}
  AND r.observed_at >= $__fromTime AND r.observed_at < toDateTime64($__toTime + 1, 3)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
GROUP BY lowerUTF8(call.evidence), action, direction
ORDER BY posts_calling DESC, evidence, action, direction
LIMIT 12
