-- What each threshold of a signal that the totals answer has seen in its stretch, which ends at the
-- watermark of the live run; 0 where that is no reason for an alert, or where it is muted.
-- Grafana reads strings as labels and the one number as the value.
WITH
    (
        SELECT toDateTime(toStartOfMinute(max(w.observed_before)), 'UTC')
        FROM run_watermarks AS w
        WHERE w.run = 'live'
    ) AS stored_before,
    limits AS
    (
        SELECT
            t.entity AS entity,
            t.severity AS severity,
            t.direction AS direction,
            t.above AS above,
            t.at_least AS at_least,
            t.mutes AS mutes,
            t.muted_until AS muted_until,
            greatest(60, 60 * toInt64(ceil(t.per_seconds / 60))) AS stretch,
            greatest(1, toInt64(ceil(t.for_seconds / 60))) AS ends
        FROM thresholds AS t FINAL
        WHERE t.signal = '{signal}'
    ),
    facts AS
    (
        SELECT
            b.entity AS entity,
            groupArray(b.minute) AS minutes,
            groupArray(b.posts) AS posts,
            groupArray(toUInt64(b.told_surely)) AS sure,
            groupArray(b.negative) AS negative,
            groupArray(b.calling) AS calling,
            groupArray(b.calling_against) AS calling_against,
            groupArray(b.calling_for) AS calling_for
        FROM
        (
            SELECT
                m.entity AS entity,
                m.minute AS minute,
                sum(m.posts) AS posts,
                sum(m.posts) - sum(m.unread) - sum(m.unsure) AS told_surely,
                sum(m.negative) AS negative,
                sum(m.calling) AS calling,
                sum(m.calling_against) AS calling_against,
                sum(m.calling_for) AS calling_for
            FROM reactions_by_minute AS m FINAL
            WHERE m.run = 'live'
              AND m.entity GLOBAL IN (SELECT l.entity FROM limits AS l)
              AND m.minute >= stored_before - (SELECT max(l.stretch + 60 * l.ends) FROM limits AS l)
              AND m.minute < stored_before
            GROUP BY m.entity, m.minute
        ) AS b
        GROUP BY b.entity
    ),
    judged AS
    (
        SELECT
            l.entity AS entity,
            l.severity AS severity,
            l.direction AS direction,
            l.above AS above,
            l.at_least AS at_least,
            l.stretch AS stretch,
            '{signal}' IN ('calls_share', 'negative_share') AS is_share,
            multiIf(
                '{signal}' = 'volume', f.posts,
                '{signal}' = 'negative_share', f.negative,
                l.direction = 'against', f.calling_against,
                l.direction = 'for', f.calling_for,
                f.calling
            ) AS parts,
            if('{signal}' = 'negative_share', f.sure, f.posts) AS wholes,
            -- Of each stretch that must be above, the newest first: its part and its whole.
            arrayMap(
                back -> (
                    arraySum((x, at) -> if(at >= stored_before - l.stretch - 60 * back AND at < stored_before - 60 * back, x, 0), parts, f.minutes),
                    arraySum((x, at) -> if(at >= stored_before - l.stretch - 60 * back AND at < stored_before - 60 * back, x, 0), wholes, f.minutes)
                ),
                range(l.ends)
            ) AS sums,
            arrayMap(s -> if(is_share, s.1 / greatest(s.2, 1), toFloat64(s.1)), sums) AS seen,
            arrayAll((v, s) -> v > l.above AND (NOT is_share OR s.2 >= l.at_least), seen, sums) AS is_above,
            (
                stored_before < l.muted_until
                OR arrayExists(
                    mute -> if(
                        position(mute, '/') > 0,
                        toString(toDate(stored_before)) BETWEEN substring(mute, 1, 10) AND substring(mute, 12, 10),
                        if(
                            position(mute, ':') = 0,
                            has(
                                arrayMap(
                                    day -> 1 + (position('montuewedthufrisatsun', substring(mute, 1, 3)) DIV 3 + day) % 7,
                                    range(1 + (7 + position('montuewedthufrisatsun', substring(mute, -3)) DIV 3 - position('montuewedthufrisatsun', substring(mute, 1, 3)) DIV 3) % 7)
                                ),
                                toDayOfWeek(stored_before)
                            ),
                            if(
                                substring(mute, -11, 5) < substring(mute, -5),
                                formatDateTime(stored_before, '%H:%i', 'UTC') >= substring(mute, -11, 5)
                                AND formatDateTime(stored_before, '%H:%i', 'UTC') < substring(mute, -5),
                                formatDateTime(stored_before, '%H:%i', 'UTC') >= substring(mute, -11, 5)
                                OR formatDateTime(stored_before, '%H:%i', 'UTC') < substring(mute, -5)
                            )
                            -- Times past midnight belong to the day on which they begin.
                            AND (
                                length(mute) = 11
                                OR has(
                                    arrayMap(
                                        day -> 1 + (position('montuewedthufrisatsun', substring(mute, 1, 3)) DIV 3 + day) % 7,
                                        range(1 + (7 + position('montuewedthufrisatsun', substring(mute, -15, 3)) DIV 3 - position('montuewedthufrisatsun', substring(mute, 1, 3)) DIV 3) % 7)
                                    ),
                                    toDayOfWeek(
                                        stored_before - if(
                                            substring(mute, -11, 5) >= substring(mute, -5)
                                            AND formatDateTime(stored_before, '%H:%i', 'UTC') < substring(mute, -5),
                                            86400,
                                            0
                                        )
                                    )
                                )
                            )
                        )
                    ),
                    l.mutes
                )
            ) AS is_muted
        FROM limits AS l
        GLOBAL LEFT JOIN facts AS f ON f.entity = l.entity
    )
SELECT
    CAST(j.entity, 'String') AS entity,
    '{signal}' AS signal,
    CAST(j.severity, 'String') AS severity,
    CAST(concat(
        'more than ',
        if(j.is_share, concat(toString(round(100 * j.above, 1)), '%'), toString(j.above)),
        multiIf(
            '{signal}' = 'volume', ' posts',
            '{signal}' = 'negative_share', ' negative',
            j.direction = 'any', if(j.is_share, ' calling for action', ' posts that call for action'),
            concat(if(j.is_share, ' calling for action ', ' posts that call for action '), if(j.direction = 'for', 'in its support', 'against it'))
        ),
        if(j.is_share, concat(' of at least ', toString(j.at_least), ' posts'), ''),
        ' in ',
        multiIf(
            j.stretch % 86400 = 0, concat(toString(j.stretch DIV 86400), 'd'),
            j.stretch % 3600 = 0, concat(toString(j.stretch DIV 3600), 'h'),
            concat(toString(j.stretch DIV 60), 'm')
        )
    ), 'String') AS wanted,
    toFloat64(if(j.is_above AND NOT j.is_muted, j.seen[1], 0)) AS value
FROM judged AS j
ORDER BY entity, severity
