-- Every row of a run that counts.
SELECT entity, platform, post_id, version, observed_at, sentiment_label
FROM reactions FINAL
WHERE run = %(run)s
