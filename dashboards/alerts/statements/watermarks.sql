-- How far each run is stored, and how far it has been judged.
SELECT
    w.run,
    w.observed_before,
    w.is_finished,
    m.judged_before
FROM run_watermarks AS w
GLOBAL LEFT JOIN
(
    SELECT run, max(judged_before) AS judged_before
    FROM watch_marks
    GROUP BY run
) AS m ON m.run = w.run
ORDER BY w.run = 'live' DESC, w.run
