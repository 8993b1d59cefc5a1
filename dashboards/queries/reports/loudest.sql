-- Whether it is a crowd or a few: how much the loudest author and the ten loudest said. One row.
SELECT
    count() AS known_authors,
    sum(a.mentions) AS known_mentions,
    max(a.mentions) AS of_the_loudest,
    arraySum(arraySlice(arrayReverseSort(groupArray(a.mentions)), 1, 10)) AS of_the_ten_loudest,
    countIf(a.mentions = 1) AS authors_of_one
FROM
(
    SELECT
        r.author AS author,
        count() AS mentions
    FROM reactions AS r FINAL
    WHERE r.run = ${run:singlequote}
      AND r.observed_at >= $__fromTime AND r.observed_at < toDateTime64($__toTime + 1, 3)
      AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
      AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
      AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
      AND r.author != ''
    GROUP BY author
) AS a
