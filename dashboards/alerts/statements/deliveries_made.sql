-- Every attempt to deliver some alerts.
SELECT run, alert_id, message, channel, attempt, state, detail, attempted_at
FROM deliveries FINAL
WHERE (run, alert_id) IN %(alerts)s
ORDER BY run, alert_id, message, channel, attempt
