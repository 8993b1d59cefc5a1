-- What may be believed of the run: up to when everything is stored, whether its producers have
-- finished, and what could not be used. One row, whatever the range; NULL where nothing is known.
WITH
    (
        SELECT (count() > 0, max(w.observed_before), max(w.stored_at), max(w.is_finished))
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS mark,
    (
        SELECT (groupUniqArray(s.state), sum(s.read), sum(s.kept))
        FROM run_sources AS s
        WHERE s.run = ${run:singlequote}
    ) AS told,
    (
        SELECT (min(f.day), max(f.day))
        FROM reactions_by_day AS f FINAL
        WHERE f.run = ${run:singlequote}
    ) AS days,
    (
        -- the first and the last minute lie in these two days
        SELECT (count() > 0, min(m.minute), max(m.minute))
        FROM reactions_by_minute AS m FINAL
        WHERE m.run = ${run:singlequote}
          AND (m.minute >= days.1 AND m.minute < days.1 + 86400 OR m.minute >= days.2 AND m.minute < days.2 + 86400)
    ) AS span
SELECT
    if(mark.1, nullIf(mark.2, toDateTime64(0, 3, 'UTC')), NULL) AS watermark,
    if(mark.1, mark.3, NULL) AS stored_at,
    mark.4 AS is_finished,
    told.1 AS states,
    told.2 AS read_records,
    told.3 AS kept_posts,
    (
        SELECT count()
        FROM dead_letters AS d FINAL
        WHERE d.run = ${run:singlequote} AND d.replayed_at IS NULL
    ) AS dead_letters,
    if(span.1, span.2, NULL) AS first_minute,
    if(span.1, span.3, NULL) AS last_minute,
    (
        SELECT max(v.version)
        FROM reactions_by_day AS v
        WHERE v.run = ${run:singlequote}
    ) AS newest_version,
    now64(3, 'UTC') AS asked_at
