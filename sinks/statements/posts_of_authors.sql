-- The stored posts of the authors in the external table `authors`, with when they were observed.
SELECT DISTINCT run, platform, author, post_id, observed_at
FROM reactions FINAL
WHERE author IN (SELECT author FROM authors)
    AND (run, platform, author) IN (SELECT run, platform, author FROM authors)
