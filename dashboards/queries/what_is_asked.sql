-- What is asked, against or for whom, and of whom.
SELECT
    call.action AS action,
    call.direction AS direction,
    r.entity AS entity,
    call.addressee AS addressee,
    uniqExact(r.platform, r.post_id) AS posts_calling,
    uniqExactIf(r.author, r.author != '') AS unique_authors,
    min(r.observed_at) AS first_at
FROM calling_reactions AS r FINAL
ARRAY JOIN r.calls AS call
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
GROUP BY action, direction, entity, addressee
ORDER BY posts_calling DESC, action, direction, entity, addressee
LIMIT 50
