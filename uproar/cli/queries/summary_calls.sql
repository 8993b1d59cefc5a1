-- The calls to action that most posts of a run make, each with its most frequent words.
SELECT
    entity,
    action,
    direction,
    uniqExact(platform, post_id) AS posts,
    topK(1)(evidence)[1] AS example
FROM reactions FINAL
ARRAY JOIN
    `calls.action` AS action,
    `calls.direction` AS direction,
    `calls.evidence` AS evidence
WHERE run = %(run)s
GROUP BY entity, action, direction
ORDER BY posts DESC, entity, action, direction
LIMIT 8
