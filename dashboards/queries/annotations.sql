-- Known events of the range, of the entities chosen and of all. One without an end is a moment.
SELECT
    a.starts_at AS time,
    a.ends_at AS ended_at,
    a.title AS title,
    a.text AS text,
    a.entity AS entity,
    a.url AS url,
    a.id AS id
FROM annotations AS a FINAL
WHERE a.starts_at <= $__toTime
  AND ifNull(a.ends_at, a.starts_at) >= $__fromTime
  AND (a.entity = '' OR $__conditionalAll(a.entity IN (${entity:singlequote}), $entity))
ORDER BY time DESC, title, id
LIMIT 200
