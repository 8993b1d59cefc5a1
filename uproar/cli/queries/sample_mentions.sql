-- Posts of a run drawn at random, so many of each entity; the same ones for the same seed.
SELECT entity, platform, post_id, lang, text
FROM reactions FINAL
WHERE run = %(run)s AND (empty(%(entity)s) OR entity = %(entity)s)
ORDER BY entity, sipHash64(%(seed)s, platform, post_id), platform, post_id
LIMIT %(most)s BY entity
