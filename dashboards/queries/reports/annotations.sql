-- Known events of the range, oldest first.
SELECT
    n.entity AS entity,
    n.starts_at AS starts_at,
    n.ends_at AS ends_at,
    n.title AS title,
    n.text AS text,
    n.url AS url
FROM annotations AS n FINAL
WHERE n.starts_at <= $__toTime
  AND ifNull(n.ends_at, n.starts_at) >= $__fromTime
  AND $__conditionalAll((n.entity IN (${entity:singlequote}) OR n.entity = ''), $entity)
ORDER BY starts_at, title
LIMIT 20
