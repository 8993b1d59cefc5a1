-- The words and hashtags of a stretch that most authors used, letter case aside. It reads every text of
-- the range, so that it is meant for a short one.
WITH extractAll(lowerUTF8(r.text), '[#\\p{L}][\\p{L}\\p{N}_]{3,}') AS found
SELECT
    term,
    uniqExact(r.platform, r.post_id) AS posts,
    uniqExactIf(r.author, r.author != '') AS unique_authors
FROM reactions AS r FINAL
ARRAY JOIN arrayDistinct(found) AS term
WHERE r.run = ${run:singlequote}
  AND r.observed_at >= $__fromTime AND r.observed_at < toDateTime64($__toTime + 1, 3)
  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
GROUP BY term
ORDER BY unique_authors DESC, posts DESC, term
LIMIT 25
