-- Invent reactions number %(first)s to %(end)s, spread over the seconds from %(from_at)s to %(to_at)s:
-- authors and entities by how often they speak and are spoken of, one post in ten about two entities,
-- calls in 3 of 100 posts, a hashtag in one of 4, a link in one of 5, one in 8 says what others say word for
-- word, and once a stretch a wave against one entity.
INSERT INTO reactions
    (run, entity, observed_at, platform, post_id, version, is_deleted, created_at, received_at,
     stored_at, author, lang, declared_lang, text, url, repost_of, likes, reposts,
     sentiment_score, sentiment_label, sentiment_sure, sentiment_model,
     calls.action, calls.direction, calls.target, calls.addressee, calls.evidence, calls.confidence)
WITH
    cityHash64(number, 1) / 18446744073709551616. AS luck,
    cityHash64(number, 2) / 18446744073709551616. AS author_luck,
    cityHash64(number, 3) AS dice,
    cityHash64(number, 4) AS more_dice,
    toUInt64(exp(author_luck * log(%(authors)s))) AS author_rank,
    modulo(sipHash64(author_rank, 5), 100) AS author_place,
    modulo(sipHash64(author_rank, 6), 100) AS author_tongue,
    modulo(dice, 12) = 0 AS is_wave,
    toInt64(%(from_at)s) * 1000 AS from_ms,
    toInt64(%(to_at)s) * 1000 - from_ms AS length_ms,
    if(is_wave, 0.5 + 0.015 * (luck - 0.5), (number - %(first)s) / (%(end)s - %(first)s)) AS part,
    fromUnixTimestamp64Milli(from_ms + least(toInt64(part * length_ms), length_ms - 1), 'UTC') AS at,
    modulo(dice, 1000) < if(is_wave, 180, 22) AS has_call,
    modulo(more_dice, 5) AS kind,
    ['negative', 'neutral', 'positive'][1 + modulo(intDiv(dice, 7), 3)] AS label,
    modulo(intDiv(dice, 29), 8) = 0 AS is_copy,
    if(is_copy, modulo(number, 5000), number) AS said,
    modulo(intDiv(dice, 9), 100) < 88 AS is_read,
    ['the', 'domain', 'again', 'never', 'price', 'people', 'service', 'board', 'today', 'hosting', 'why',
     'support', 'because', 'money', 'bad', 'fine', 'news', 'work', 'account', 'still', 'left', 'customer',
     'open', 'closed', 'waiting', 'great', 'phone', 'answer', 'call', 'nobody', 'they', 'should'] AS words
SELECT
    %(run)s,
    entity,
    at,
    multiIf(author_place < 45, 'bluesky', author_place < 65, 'mastodon', author_place < 85, 'twitter',
            author_place < 95, 'reddit', 'youtube'),
    toString(number),
    %(version)s,
    0,
    at,
    at + toIntervalMillisecond(300 + modulo(dice, 900)),
    at + toIntervalMillisecond(900 + modulo(more_dice, 2500)),
    lower(hex(sipHash128(author_rank))),
    multiIf(modulo(dice, 20) = 0 OR author_tongue < 60, 'en', author_tongue < 70, 'es',
            author_tongue < 78, 'pt', author_tongue < 85, 'de', author_tongue < 91, 'fr',
            author_tongue < 95, 'ja', author_tongue < 98, 'hi', 'other'),
    '',
    concat(
        if(is_copy, '', concat('Nr ', toString(number), ': ')),
        arrayStringConcat(
            arrayMap(i -> words[1 + modulo(cityHash64(said, i), 32)], range(14 + modulo(cityHash64(said, 3), 16))), ' '),
        if(modulo(intDiv(dice, 13), 4) = 0, concat(' #', words[1 + modulo(intDiv(dice, 17), 32)]), ''),
        if(modulo(intDiv(dice, 19), 5) = 0,
           concat(' https://news.example/', toString(modulo(intDiv(dice, 23), 3000)), '?from=', toString(number)), '')),
    concat('https://social.example/', toString(number)),
    if(modulo(intDiv(dice, 11), 100) < 30, toString(modulo(more_dice, 100000)), ''),
    modulo(more_dice, 50),
    modulo(more_dice, 9),
    if(is_read, multiIf(label = 'negative', -0.55, label = 'positive', 0.6, 0.02), 0),
    if(is_read, label, 'unread'),
    modulo(intDiv(dice, 13), 10) < 8,
    if(is_read, 'invented', ''),
    if(has_call, [['shutdown', 'boycott', 'contact', 'petition', 'legal'][1 + kind]], []),
    if(has_call, [if(modulo(more_dice, 7) = 0, 'for', 'against')], []),
    if(has_call, [entity], []),
    if(has_call, [['', '', '', 'the board', 'the regulator', 'advertisers'][1 + modulo(intDiv(more_dice, 3), 6)]], []),
    if(has_call, [concat(['Shut it down', 'Boycott them', 'Write to them', 'Sign this', 'Sue them'][1 + kind], ' ',
                         words[1 + modulo(intDiv(more_dice, 5), 32)])], []),
    if(has_call, [0.5 + modulo(more_dice, 50) / 100], [])
FROM numbers(%(first)s, %(end)s - %(first)s)
ARRAY JOIN arrayMap(
    i -> concat('entity-', leftPad(toString(i), 2, '0')),
    if(modulo(cityHash64(number, 3), 12) = 0,
       [toUInt8(3)],
       arrayDistinct([toUInt8(20 * pow(cityHash64(number, 7) / 18446744073709551616., 2)),
                      if(modulo(cityHash64(number, 8), 10) = 0,
                         toUInt8(modulo(cityHash64(number, 9), 20)),
                         toUInt8(20 * pow(cityHash64(number, 7) / 18446744073709551616., 2)))]))
) AS entity
WHERE modulo(number, %(every)s) = 0
SETTINGS max_partitions_per_insert_block = 0, max_block_size = 262144
