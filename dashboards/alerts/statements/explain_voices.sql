-- How many use a term in a stretch; posts without a known author are told apart by their words.
SELECT
    uniqExact(
        if(
            author = '',
            toString(
                cityHash64(
                    trim(
                        replaceRegexpAll(lowerUTF8(text), 'https?://\\S+|@[\\w.]+|[^\\pL\\pN]+', ' ')
                    )
                )
            ),
            author
        )
    ) AS voices
FROM reactions FINAL
WHERE run = %(run)s
  AND entity = %(entity)s
  AND observed_at >= toDateTime64(%(since)s, 3, 'UTC')
  AND observed_at < toDateTime64(%(until)s, 3, 'UTC')
  AND (
      has(extractAll(lowerUTF8(text), '#[\\pL\\pN_]+'), %(term)s)
      OR arrayExists(words -> lowerUTF8(words) = %(term)s, calls.evidence)
  )
