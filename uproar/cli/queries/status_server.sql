-- Who answers, and since when.
SELECT version(), uptime()
