-- Which of the authors in the external table `authors` are gone, and up to when; an empty run stands
-- for every run.
SELECT run, platform, author, max(gone_before)
FROM erased_authors
WHERE (platform, author) IN (SELECT platform, author FROM authors)
GROUP BY run, platform, author
