-- The exact totals of a range, each stretch once, as coarse as it may be: whole days and hours where
-- step_seconds is made of such, minutes at the edges and for shorter steps. Read it with all three:
-- totals_between(from_at = ..., to_at = ..., step_seconds = ...), the times in seconds of the Unix epoch,
-- for a written time would be read in whatever zone the server is in. `at` is the start of a stretch;
-- the minutes from from_at to to_at count. It puts FINAL on what it reads.
CREATE VIEW IF NOT EXISTS totals_between AS
WITH
    toDateTime({from_at:UInt32}, 'UTC') AS minutes_from,
    toDateTime({to_at:UInt32}, 'UTC') AS minutes_to,
    toStartOfHour(minutes_from + 3599) AS hours_from,
    if(
        modulo({step_seconds:UInt32}, 3600) = 0,
        toStartOfHour(toStartOfMinute(minutes_to) + 60),
        hours_from
    ) AS hours_end,
    toStartOfDay(hours_from + 86399) AS days_from,
    if(modulo({step_seconds:UInt32}, 86400) = 0, toStartOfDay(hours_end), days_from) AS days_end
SELECT
    run, entity, minute AS at, platform, lang, posts, reposts, authors, negative, neutral, positive,
    unsure, unread, sentiment_sum, calling, calling_against, calling_for, calls
FROM reactions_by_minute FINAL
WHERE minute >= minutes_from AND minute <= minutes_to
    AND NOT (minute >= hours_from AND minute < hours_end)
UNION ALL
SELECT
    run, entity, hour AS at, platform, lang, posts, reposts, authors, negative, neutral, positive,
    unsure, unread, sentiment_sum, calling, calling_against, calling_for, calls
FROM reactions_by_hour FINAL
WHERE hour >= hours_from AND hour < hours_end
    AND NOT (hour >= days_from AND hour < days_end)
UNION ALL
SELECT
    run, entity, day AS at, platform, lang, posts, reposts, authors, negative, neutral, positive,
    unsure, unread, sentiment_sum, calling, calling_against, calling_for, calls
FROM reactions_by_day FINAL
WHERE day >= days_from AND day < days_end;
