-- What each table of totals adds up to, beside the rows: all four must be equal.
SELECT
    (SELECT count() FROM reactions FINAL),
    (SELECT sum(posts) FROM reactions_by_minute FINAL),
    (SELECT sum(posts) FROM reactions_by_hour FINAL),
    (SELECT sum(posts) FROM reactions_by_day FINAL)
