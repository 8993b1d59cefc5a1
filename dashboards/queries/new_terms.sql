-- Words, hashtags and links that the newest 5 000 posts of the range use more often than the newest
-- 5 000 of the stretch of equal length before it did; where nothing is stored of that stretch, than the
-- earlier half of the same posts. Ordered by the likelihood ratio of the two shares being one; what
-- would come about by chance once in a hundred times (6.63) is left out.
WITH
    toDateTime(greatest(0, 2 * toUnixTimestamp($__fromTime) - toUnixTimestamp($__toTime) - 1), 'UTC') AS before_from,
    (
        SELECT min(n.day)
        FROM
        (
            SELECT
                d.day AS day,
                sum(sumIf(d.posts, d.day + 86399 <= $__toTime)) OVER (ORDER BY d.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_day AS d FINAL
            WHERE d.run = ${run:singlequote}
              AND d.day >= toStartOfDay($__fromTime, 'UTC')
              AND d.day <= $__toTime
              AND $__conditionalAll(d.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(d.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(d.lang IN (${lang:singlequote}), $lang)
            GROUP BY d.day
        ) AS n
        WHERE n.newer < 5000
    ) AS newest_day,
    (
        SELECT min(n.minute)
        FROM
        (
            SELECT
                m.minute AS minute,
                sum(sum(m.posts)) OVER (ORDER BY m.minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND m.minute >= newest_day
              AND $__timeFilter(m.minute)
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
            GROUP BY m.minute
        ) AS n
        WHERE n.newer < 5000
    ) AS newest_minute,
    (
        SELECT min(n.day)
        FROM
        (
            SELECT
                d.day AS day,
                sum(sumIf(d.posts, d.day + 86399 < $__fromTime)) OVER (ORDER BY d.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_day AS d FINAL
            WHERE d.run = ${run:singlequote}
              AND d.day >= toStartOfDay(before_from, 'UTC')
              AND d.day < $__fromTime
              AND $__conditionalAll(d.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(d.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(d.lang IN (${lang:singlequote}), $lang)
            GROUP BY d.day
        ) AS n
        WHERE n.newer < 5000
    ) AS before_day,
    (
        SELECT min(n.minute)
        FROM
        (
            SELECT
                m.minute AS minute,
                sum(sum(m.posts)) OVER (ORDER BY m.minute DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newer
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = ${run:singlequote}
              AND m.minute >= before_day
              AND m.minute >= before_from AND m.minute < $__fromTime
              AND $__conditionalAll(m.entity IN (${entity:singlequote}), $entity)
              AND $__conditionalAll(m.platform IN (${platform:singlequote}), $platform)
              AND $__conditionalAll(m.lang IN (${lang:singlequote}), $lang)
            GROUP BY m.minute
        ) AS n
        WHERE n.newer < 5000
    ) AS before_minute,
    splitByWhitespace('
        aber about after again all als also amp and any are aren auch auf aus aux avec avoir back because been before
        bei being between both but can ces cette com comme como con could cuando dans das dass del dem den der des
        desde did didn die does doesn don done dos each ein eine einem einen einer ela ele elle elles est esta este
        esto está even fait few foi for from fue für get going got haben had han has hat have hay her here him his how
        ich ihr ils into isn isso ist its just kann know las les let leur leurs like los made mais make man mas may
        mes might mit mon more most much muito must muy más nach need nicht noch nos not nous now nur não oder one
        only ont other our out over own par para pas per pero plus por pour quando que qui really said same say says
        ser ses seu shall she should sich sie sin sind sobre some something son sont still sua such sur sus são
        también também tem than that the their them then there these they this those today todo todos too tous tout
        two uma una und under une uno until very via você von vous want war was wasn werden were what when where which
        while who why wie will wir wird with won would yes you your être
    ') AS common_words
SELECT
    t.term AS term,
    t.kind AS kind,
    if(t.posts_before = 0, 'new', 'more often') AS state,
    t.posts_with AS posts_with,
    t.unique_authors AS unique_authors,
    t.share AS share,
    t.share_before AS share_before,
    t.share / nullIf(t.share_before, 0) AS times_before,
    t.first_at AS first_at
FROM
(
    SELECT
        part.2 AS term,
        part.1 AS kind,
        countIf(n.is_now) AS posts_with,
        countIf(NOT n.is_now) AS posts_before,
        any(n.now_read) AS now_read,
        any(n.before_read) AS before_read,
        uniqExactIf(n.author, n.is_now AND n.author != '') AS unique_authors,
        minIf(n.observed_at, n.is_now) AS first_at,
        posts_with / now_read AS share,
        posts_before / nullIf(before_read, 0) AS share_before,
        (posts_with + posts_before) / (now_read + before_read) AS share_of_both,
        2 * (posts_with * log(share / share_of_both) + if(posts_before = 0, 0, posts_before * log(share_before / share_of_both))) AS telling
    FROM
    (
        SELECT
            h.observed_at AS observed_at,
            h.author AS author,
            h.text AS text,
            lowerUTF8(replaceRegexpAll(h.text, '(?:https?://|@)\\S+', ' ')) AS bare,
            h.is_now AS is_now,
            countIf(h.is_now) OVER () AS now_read,
            countIf(NOT h.is_now) OVER () AS before_read
        FROM
        (
            SELECT
                p.observed_at AS observed_at,
                p.author AS author,
                p.text AS text,
                p.in_range AND (countIf(NOT p.in_range) OVER () > 0 OR p.place * 2 <= count() OVER () + 1) AS is_now
            FROM
            (
                SELECT
                    r.observed_at AS observed_at,
                    r.author AS author,
                    r.text AS text,
                    r.observed_at >= $__fromTime AS in_range,
                    row_number() OVER (PARTITION BY in_range ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity) AS place
                FROM reactions AS r FINAL
                WHERE r.run = ${run:singlequote}
                  AND r.observed_at >= before_from AND r.observed_at <= $__toTime
                  AND (r.observed_at >= newest_minute OR (r.observed_at >= before_minute AND r.observed_at < toDateTime64($__fromTime, 3)))
                  AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
                  AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
                  AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
            ) AS p
            WHERE p.place <= 5000
        ) AS h
    ) AS n
    ARRAY JOIN arrayConcat(
        arrayMap(link -> ('link', link), arrayDistinct(
            arrayMap(
                link -> replaceRegexpOne(cutFragment(cutQueryString(link)), '^https?://(?:www\\.)?(.*?)[/.,;:!?)]*\\z', '\\1'),
                extractAll(n.text, 'https?://[^\\s<>"“”]+')
            )
        )),
        arrayMap(tag -> ('hashtag', tag), arrayDistinct(
            arrayMap(
                tag -> concat('#', tag),
                extractAll(n.bare, '(?:^|[^\\p{L}\\p{N}_&])[#＃]([\\p{N}_]*\\p{L}[\\p{L}\\p{N}_]*)')
            )
        )),
        arrayMap(word -> ('word', word), arrayDistinct(
            arrayFilter(
                word -> lengthUTF8(word) >= 3 AND NOT match(word, '^[0-9]+\\z') AND NOT has(common_words, word),
                splitByNonAlpha(translateUTF8(replaceRegexpAll(n.bare, '[#＃]\\S+', ' '), '“”„‘’«»‹›…—–·•¡¿。、，！？：；（）「」', '                           '))
            )
        ))
    ) AS part
    GROUP BY part.1, part.2
    HAVING posts_with >= 2 AND before_read > 0 AND share > share_before AND telling >= 6.63
) AS t
ORDER BY t.telling DESC, t.term, t.kind
LIMIT 30
