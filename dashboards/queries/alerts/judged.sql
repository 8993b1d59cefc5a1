-- The alerts of a signal that last in the live run, as the watcher has judged them: it alone looks at
-- single posts, learns what is usual, and keeps cool-downs. Those that are to be silent are left out.
-- Grafana reads strings as labels and the one number as the value.
SELECT
    CAST(a.entity, 'String') AS entity,
    '{signal}' AS signal,
    CAST(a.severity, 'String') AS severity,
    a.id AS alert,
    if(a.term = '', '-', a.term) AS term,
    formatDateTime(a.started_at, '%Y-%m-%d %H:%i', 'UTC') AS since,
    if(
        '{signal}' IN ('author_share', 'copies_share'),
        concat(toString(round(100 * a.expected, 1)), '%'),
        toString(round(a.expected, 1))
    ) AS wanted,
    a.value AS value
FROM alerts AS a FINAL
GLOBAL INNER JOIN thresholds AS t FINAL ON t.entity = a.entity AND t.signal = a.signal AND t.severity = a.severity
WHERE a.run = 'live'
  AND a.signal = '{signal}'
  AND a.ended_at IS NULL
  AND a.silence = ''
  AND t.muted_until <= now('UTC')
ORDER BY entity, severity, alert
