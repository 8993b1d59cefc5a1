-- The posts of each minute: who wrote them, a print of their words, their hashtags and words of calls.
-- The print leaves out case, links, handles and whatever is no letter or digit.
SELECT
    entity,
    toStartOfMinute(observed_at) AS minute,
    groupArray(
        (
            author,
            cityHash64(
                trim(replaceRegexpAll(lowerUTF8(text), 'https?://\\S+|@[\\w.]+|[^\\pL\\pN]+', ' '))
            ),
            arrayDistinct(
                arrayConcat(
                    extractAll(lowerUTF8(text), '#[\\pL\\pN_]+'),
                    arrayMap(words -> lowerUTF8(words), calls.evidence)
                )
            )
        )
    )
FROM reactions FINAL
WHERE run = %(run)s
  AND observed_at >= toDateTime(%(start)s, 'UTC')
  AND observed_at < toDateTime64(%(end)s, 3, 'UTC')
  AND entity IN %(entities)s
GROUP BY entity, minute
ORDER BY minute, entity
