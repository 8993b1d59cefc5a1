-- The words that the newest 5 000 posts of the range use most, without the commonest of five languages;
-- each counts once in a post.
WITH
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
    term,
    count() AS posts_with,
    uniqExactIf(n.author, n.author != '') AS unique_authors,
    count() / any(n.posts_read) AS share
FROM
(
    SELECT p.text AS text, p.author AS author, count() OVER () AS posts_read
    FROM
    (
        SELECT r.text, r.author
        FROM reactions AS r FINAL
        WHERE r.run = ${run:singlequote}
          AND $__timeFilter(r.observed_at)
          AND r.observed_at >= newest_minute
          AND $__conditionalAll(r.entity IN (${entity:singlequote}), $entity)
          AND $__conditionalAll(r.platform IN (${platform:singlequote}), $platform)
          AND $__conditionalAll(r.lang IN (${lang:singlequote}), $lang)
        ORDER BY r.observed_at DESC, r.platform, r.post_id, r.entity
        LIMIT 5000
    ) AS p
) AS n
ARRAY JOIN arrayDistinct(
    arrayFilter(
        word -> lengthUTF8(word) >= 3 AND NOT match(word, '^[0-9]+\\z') AND NOT has(common_words, word),
        splitByNonAlpha(translateUTF8(replaceRegexpAll(lowerUTF8(replaceRegexpAll(n.text, '(?:https?://|@)\\S+', ' ')), '[#＃]\\S+', ' '), '“”„‘’«»‹›…—–·•¡¿。、，！？：；（）「」', '                           '))
    )
) AS term
GROUP BY term
ORDER BY posts_with DESC, term
LIMIT 30
