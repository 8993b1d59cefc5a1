-- By what both runs were read, as their producers told: the newest word of each producer counts.
WITH ${compared:singlequote} IN ('', ${run:singlequote}) AS is_alone
SELECT
    f.fact AS fact,
    arrayStringConcat(arraySort(groupUniqArrayIf(f.said, f.is_run)), ' and ') AS in_run,
    arrayStringConcat(arraySort(groupUniqArrayIf(f.said, NOT f.is_run OR is_alone)), ' and ') AS in_compared,
    multiIf(is_alone, 'alone', in_run = in_compared, 'same', 'differs') AS state
FROM
(
    SELECT
        s.is_run AS is_run,
        pair.1 AS fact,
        pair.2 AS said
    FROM
    (
        SELECT t.run = ${run:singlequote} AS is_run, argMax(t.facts, t.started_at) AS facts
        FROM run_manifests AS t FINAL
        WHERE t.run IN (${run:singlequote}, ${compared:singlequote})
        GROUP BY t.run, t.source
    ) AS s
    ARRAY JOIN arrayConcat(
        [
            ('Uproar', JSONExtractString(s.facts, 'uproar')),
            ('sentiment', JSONExtractString(s.facts, 'sentiment')),
            ('entities', concat(toString(JSONLength(s.facts, 'entities')), ', print ', substring(lower(hex(SHA256(JSONExtractRaw(s.facts, 'entities')))), 1, 8))),
            ('key of pseudonyms', JSONExtractString(s.facts, 'author_key')),
            ('from', JSONExtractString(s.facts, 'bounds', 'start')),
            ('to', JSONExtractString(s.facts, 'bounds', 'end')),
            ('keeps all', JSONExtractRaw(s.facts, 'bounds', 'keep_all'))
        ],
        arrayMap(model -> (concat('model: ', model.1), model.2), JSONExtractKeysAndValues(s.facts, 'models', 'String')),
        arrayMap(package -> (concat('package: ', package.1), package.2), JSONExtractKeysAndValues(s.facts, 'packages', 'String'))
    ) AS pair
) AS f
GROUP BY f.fact
HAVING in_run != '' OR in_compared != ''
ORDER BY state = 'differs' DESC, startsWith(fact, 'package') OR startsWith(fact, 'model'), fact
LIMIT 100
