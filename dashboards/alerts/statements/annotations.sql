-- Known events, in order of time: all, or those of some entities beside those of all entities.
SELECT id, entity, starts_at, ends_at, title, text, url, author
FROM annotations FINAL
WHERE %(any)s OR entity IN %(entities)s
ORDER BY starts_at, entity, id
