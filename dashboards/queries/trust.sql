-- What may be believed of the run: up to when everything is stored, whether its producers have
-- finished, and what could not be used. One row, whatever the range; NULL where nothing is known.
SELECT
    (
        SELECT if(count() = 0, NULL, nullIf(max(w.observed_before), toDateTime64(0, 3, 'UTC')))
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS watermark,
    (
        SELECT if(count() = 0, NULL, max(w.stored_at))
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS stored_at,
    (
        SELECT max(w.is_finished)
        FROM run_watermarks AS w
        WHERE w.run = ${run:singlequote}
    ) AS is_finished,
    (
        SELECT groupUniqArray(s.state)
        FROM run_sources AS s
        WHERE s.run = ${run:singlequote}
    ) AS states,
    (
        SELECT sum(s.read)
        FROM run_sources AS s
        WHERE s.run = ${run:singlequote}
    ) AS read_records,
    (
        SELECT sum(s.kept)
        FROM run_sources AS s
        WHERE s.run = ${run:singlequote}
    ) AS kept_posts,
    (
        SELECT count()
        FROM dead_letters AS d FINAL
        WHERE d.run = ${run:singlequote} AND d.replayed_at IS NULL
    ) AS dead_letters,
    (
        SELECT if(count() = 0, NULL, min(m.minute))
        FROM reactions_by_minute AS m FINAL
        WHERE m.run = ${run:singlequote}
          AND m.minute < (
              SELECT min(f.day) + 86400
              FROM reactions_by_day AS f FINAL
              WHERE f.run = ${run:singlequote}
          )
    ) AS first_minute,
    (
        SELECT if(count() = 0, NULL, max(m.minute))
        FROM reactions_by_minute AS m FINAL
        WHERE m.run = ${run:singlequote}
          AND m.minute >= (
              SELECT max(f.day)
              FROM reactions_by_day AS f FINAL
              WHERE f.run = ${run:singlequote}
          )
    ) AS last_minute,
    (
        SELECT max(m.version)
        FROM reactions_by_day AS m
        WHERE m.run = ${run:singlequote}
    ) AS newest_version,
    now64(3, 'UTC') AS asked_at
