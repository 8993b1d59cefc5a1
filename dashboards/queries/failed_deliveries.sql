-- Messages of alerts that did not arrive, by channel: the newest attempt of each decides. One that was
-- tried again and arrived is none.
SELECT
    m.channel AS channel,
    m.state AS state,
    count() AS messages,
    sum(m.attempts) AS attempts,
    max(m.last_at) AS last_at,
    argMax(m.detail, m.last_at) AS newest_detail
FROM
(
    SELECT
        d.channel AS channel,
        argMax(d.state, (d.attempt, d.attempted_at)) AS state,
        argMax(d.detail, (d.attempt, d.attempted_at)) AS detail,
        count() AS attempts,
        max(d.attempted_at) AS last_at
    FROM deliveries AS d FINAL
    WHERE d.run = ${run:singlequote}
    GROUP BY d.alert_id, d.message, d.channel
) AS m
WHERE m.state != 'delivered'
GROUP BY m.channel, m.state
ORDER BY messages DESC, channel, state
LIMIT 50
