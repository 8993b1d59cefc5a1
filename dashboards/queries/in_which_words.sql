-- The words in which action is asked for, most repeated first, letter case aside.
SELECT
    any(call.evidence) AS evidence,
    call.action AS action,
    call.direction AS direction,
    uniqExact(sipHash64(r.platform, r.post_id)) AS posts_calling,
    uniqExactIf(sipHash64(r.author), r.author != '') AS unique_authors,
    avg(call.confidence) AS confidence,
    min(r.observed_at) AS first_at
FROM calling_reactions AS r FINAL
ARRAY JOIN r.calls AS call
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
GROUP BY lowerUTF8(call.evidence), action, direction
ORDER BY posts_calling DESC, evidence
LIMIT 50
