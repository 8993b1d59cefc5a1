-- Authors all of whose posts are to be gone that were observed up to a time, in one run, or in every
-- run where `run` is empty. What of theirs comes later than this word, but is older, is not stored.
CREATE TABLE IF NOT EXISTS erased_authors
(
    run         LowCardinality(String) COMMENT 'empty: every run',
    platform    LowCardinality(String),
    author      String COMMENT 'pseudonym',
    gone_before SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'posts observed up to then are gone'
)
ENGINE = AggregatingMergeTree
ORDER BY (run, platform, author);

-- The trail of what was removed and why. It holds no text and no name: `subject` is the SHA-256 of
-- `platform:post id`, or of `platform:pseudonym`.
CREATE TABLE IF NOT EXISTS removals
(
    run        LowCardinality(String),
    kind       LowCardinality(String) COMMENT 'post or account',
    subject    String,
    reason     LowCardinality(String) COMMENT 'deleted on the platform, account deleted, or erasure on request',
    asked_at   DateTime64(3, 'UTC') COMMENT 'observed time of the deletion, or when the request was made',
    removed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(removed_at)
ORDER BY (run, kind, subject, reason, asked_at);

-- All posts of one author are looked for when an account goes.
ALTER TABLE reactions ADD INDEX IF NOT EXISTS author_index author TYPE bloom_filter(0.01) GRANULARITY 4;

-- What an author was erased from must not stay readable in the parts that merges have not reached yet.
ALTER TABLE post_states ADD INDEX IF NOT EXISTS changed_index changed_at TYPE minmax GRANULARITY 1;
