-- Changes whenever a threshold does.
SELECT max(version), count() FROM thresholds
