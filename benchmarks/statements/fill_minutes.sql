-- Invented minute totals: of each entity some posts in most minutes, more by day. %(entities)s entities
-- from number %(first)s on, over the minutes from %(start)s, %(minutes)s of them.
INSERT INTO reactions_by_minute
(
    run, entity, minute, platform, lang, posts, negative, neutral, positive, calling,
    calling_against, version, is_deleted
)
WITH
    %(first)s + intDiv(number, %(minutes)s) AS entity_number,
    number %% %(minutes)s AS step,
    toDateTime(%(start)s, 'UTC') + 60 * step AS at,
    1 + 0.6 * sin(2 * pi() * (toHour(at) + toMinute(at) / 60) / 24) AS by_day,
    intDiv(cityHash64(entity_number, step), 1000) AS chance,
    toUInt64(by_day * %(rate)s * (chance %% 2000) / 1000) AS drawn
SELECT
    %(run)s,
    concat('entity-', toString(entity_number)),
    at,
    'mastodon',
    'en',
    drawn,
    intDiv(drawn, 3),
    drawn - intDiv(drawn, 3),
    0,
    intDiv(drawn, 8),
    intDiv(drawn, 8),
    1,
    0
FROM numbers(toUInt64(%(entities)s * %(minutes)s))
WHERE drawn > 0
