-- The calls to action that most posts of a run make, each with its most frequent words.
SELECT
    entity,
    action,
    direction,
    uniqExactMerge(calling_posts) AS posts,
    argMax(evidence, (times, evidence)) AS example
FROM
(
    SELECT
        entity,
        action,
        direction,
        evidence,
        count() AS times,
        uniqExactState(platform, post_id) AS calling_posts
    FROM reactions FINAL
    ARRAY JOIN
        `calls.action` AS action,
        `calls.direction` AS direction,
        `calls.evidence` AS evidence
    WHERE run = %(run)s
    GROUP BY entity, action, direction, evidence
)
GROUP BY entity, action, direction
ORDER BY posts DESC, entity, action, direction
LIMIT 8
