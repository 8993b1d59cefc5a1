-- A statement in the form in which ClickHouse itself writes it down.
SELECT formatQuerySingleLine(%(statement)s)
