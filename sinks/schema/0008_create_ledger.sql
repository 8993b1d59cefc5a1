-- One row a message that the sink has read and stored: whose records were in it, and what became of
-- them. Packs are numbered without a gap, so what was lost or came twice on any hop shows; sums over
-- distinct packs are those of the run (uproar reconcile). A message read again is the same row.
CREATE TABLE IF NOT EXISTS ledger
(
    run        LowCardinality(String),
    source     String,
    started_at DateTime64(3, 'UTC') COMMENT 'of the life of the producer that made the pack',
    stream     LowCardinality(String) COMMENT 'the topic that the sink read it from: reactions or dead-letters',
    stage      LowCardinality(String) COMMENT 'who wrote it there: producer or streams',
    partition  UInt16,
    number     UInt64 COMMENT 'of the pack in its partition, from 1',
    piece      UInt16 COMMENT 'a pack may become several messages behind the streams',
    pieces     UInt16,
    offset     UInt64 COMMENT 'of the message; the same piece at two offsets is a repeat',
    read       UInt32 COMMENT 'records that the streams read in the whole pack',
    failed     UInt32 COMMENT 'of these, those that became dead letters',
    told       UInt32 COMMENT 'records that the waybill promises in this message',
    records    UInt32 COMMENT 'records that were in it',
    bad        UInt32 COMMENT 'parts of it that are no record',
    new_posts  UInt32 COMMENT 'records that were the first of their post',
    further    UInt32 COMMENT 'repeats, edits and deletions of posts that were known',
    unmentioned UInt32 COMMENT 'posts that mention nothing that is tracked: no row tells of them',
    stored_at  DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (run, source, started_at, stream, stage, partition, number, piece, offset)
TTL toDateTime(stored_at) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live';

-- What this life of a producer has sent into each partition, as it says itself.
ALTER TABLE watermarks
    ADD COLUMN IF NOT EXISTS packs SimpleAggregateFunction(max, UInt64),
    ADD COLUMN IF NOT EXISTS records SimpleAggregateFunction(max, UInt64),
    ADD COLUMN IF NOT EXISTS letter_packs SimpleAggregateFunction(max, UInt64),
    ADD COLUMN IF NOT EXISTS letters SimpleAggregateFunction(max, UInt64);

-- Where the first record of a post stood: by that a repeat is told from the first.
ALTER TABLE post_states
    ADD COLUMN IF NOT EXISTS partition UInt16,
    ADD COLUMN IF NOT EXISTS first_source LowCardinality(String) COMMENT 'the life of the producer that sent it first, and the pack',
    ADD COLUMN IF NOT EXISTS first_started_at DateTime64(3, 'UTC'),
    ADD COLUMN IF NOT EXISTS first_number UInt64 COMMENT '0 before ledgers were kept',
    ADD COLUMN IF NOT EXISTS first_place UInt64 COMMENT 'hash of life, partition, pack and place in it',
    ADD COLUMN IF NOT EXISTS changed_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when this state was stored';

ALTER TABLE runs
    ADD COLUMN IF NOT EXISTS resume_position UInt64 COMMENT 'input record after which this life began to send',
    ADD COLUMN IF NOT EXISTS resumed UInt64 COMMENT 'posts and deletions before that: stored by earlier lives',
    ADD COLUMN IF NOT EXISTS sent UInt64 COMMENT 'records that this life has sent';

-- What each file of a finished replay held.
CREATE TABLE IF NOT EXISTS run_files
(
    run          LowCardinality(String),
    source       String,
    started_at   DateTime64(3, 'UTC'),
    number       UInt32 COMMENT 'place in the command, from 1',
    name         String,
    format       LowCardinality(String),
    size_bytes   UInt64,
    sha256       String COMMENT 'of the file as it lay on disk; empty where it could not be read again',
    read         UInt64,
    kept         UInt64,
    filtered     UInt64,
    deletions    UInt64,
    dead_letters Map(LowCardinality(String), UInt64),
    record_bytes Map(LowCardinality(String), UInt64) COMMENT 'bytes of the records, by what became of them'
)
ENGINE = ReplacingMergeTree
ORDER BY (run, source, started_at, number);

-- What each life of a producer went by, so that its run can be made again elsewhere.
CREATE TABLE IF NOT EXISTS run_manifests
(
    run        LowCardinality(String),
    source     String,
    started_at DateTime64(3, 'UTC'),
    facts      String CODEC(ZSTD(3)) COMMENT 'JSON: versions, models, bounds, entities'
)
ENGINE = ReplacingMergeTree
ORDER BY (run, source, started_at);
