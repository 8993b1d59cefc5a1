-- Who is asked to act, where a call says so.
SELECT
    call.addressee AS addressee,
    uniqExact(r.platform, r.post_id) AS posts_calling
FROM calling_reactions AS r FINAL
ARRAY JOIN r.calls AS call
WHERE r.run = ${run:singlequote}
  AND r.observed_at >= $__fromTime AND r.observed_at < toDateTime64($__toTime + 1, 3)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
  AND call.addressee != ''
GROUP BY addressee
ORDER BY posts_calling DESC, addressee
LIMIT 8
