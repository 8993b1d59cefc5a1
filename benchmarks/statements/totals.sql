-- Posts by the totals of their minutes, which must be those of the rows.
SELECT sum(posts) FROM (SELECT posts FROM reactions_by_minute FINAL WHERE run = %(run)s)
