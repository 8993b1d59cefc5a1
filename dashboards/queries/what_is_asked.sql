-- What is asked, against or for whom, and of whom. A row of the table is one post about one entity, so
-- that rows are posts once a call that a post repeats counts once.
SELECT
    call.1 AS action,
    call.2 AS direction,
    r.entity AS entity,
    call.3 AS addressee,
    count() AS posts_calling,
    uniqExactIf(sipHash64(r.author), r.author != '') AS unique_authors,
    min(r.observed_at) AS first_at
FROM calling_reactions AS r FINAL
ARRAY JOIN arrayDistinct(arrayZip(r.calls.action, r.calls.direction, r.calls.addressee)) AS call
WHERE r.run = ${run:singlequote}
  AND $__timeFilter(r.observed_at)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
GROUP BY action, direction, entity, addressee
ORDER BY posts_calling DESC, action, direction, entity, addressee
LIMIT 50
