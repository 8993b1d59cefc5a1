-- When an entity's numbers deserve an alert: seeded from uproar.yaml, edited while everything runs.
CREATE TABLE IF NOT EXISTS thresholds
(
    entity           LowCardinality(String),
    signal           LowCardinality(String) COMMENT 'volume, spike, calls_to_action, calls_share, negative_share, new_term, author_share or copies_share',
    severity         LowCardinality(String) COMMENT 'info, warning or critical',
    above            Float64 COMMENT 'fires above it: a number of posts, or a share in [0, 1]; 0 for spike',
    per_seconds      UInt32 COMMENT 'length of the stretch that is looked at; 0 for spike',
    at_least         UInt32 COMMENT 'posts that the stretch must hold',
    direction        LowCardinality(String) COMMENT 'of the calls that count: against, for or any',
    sensitivity      LowCardinality(String) COMMENT 'of spike: low, medium or high; else empty',
    for_seconds      UInt32 COMMENT 'it fires after that long above without a break',
    cooldown_seconds UInt32 COMMENT 'after an alert ended, no other begins for so long',
    most_per_hour    UInt32 COMMENT 'alerts of this threshold that are delivered in any hour',
    mutes            Array(String) COMMENT 'stretches without delivery, such as sat-sun or 22:00-06:00, in UTC',
    muted_from       DateTime('UTC') COMMENT '1970 where it is not',
    muted_until      DateTime('UTC') COMMENT '1970 where it is not',
    origin           LowCardinality(String) COMMENT 'yaml, or command',
    author           String COMMENT 'who changed it last',
    changed_at       DateTime64(3, 'UTC'),
    version          UInt64 COMMENT 'microseconds of changed_at, and higher than the one before',
    is_deleted       UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (entity, signal, severity);

-- Every change of a threshold, kept.
CREATE TABLE IF NOT EXISTS threshold_changes
(
    changed_at DateTime64(3, 'UTC'),
    author     String,
    origin     LowCardinality(String),
    entity     LowCardinality(String),
    signal     LowCardinality(String),
    severity   LowCardinality(String),
    act        LowCardinality(String) COMMENT 'seed, set, mute, unmute or remove',
    before     String COMMENT 'JSON of the threshold; empty where there was none',
    after      String COMMENT 'JSON of the threshold; empty where it was removed',
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (entity, signal, severity, version);

-- What the detector expected of each minute that was judged, and what it thought of it.
CREATE TABLE IF NOT EXISTS expected_by_minute
(
    run      LowCardinality(String),
    entity   LowCardinality(String),
    minute   DateTime('UTC'),
    expected Float32 COMMENT 'posts',
    score    Float32 COMMENT 'how far the posts of this minute stand out',
    is_spike UInt8 COMMENT 'within a spike, at medium sensitivity',
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY if(run = 'live', toYYYYMM(minute), toYear(minute))
ORDER BY (run, entity, minute)
TTL toDateTime(minute) + INTERVAL {retention_days} DAY DELETE WHERE run = 'live'
SETTINGS index_granularity = 1024;

-- Stretches in which an entity's volume was far above what was expected, at medium sensitivity.
CREATE TABLE IF NOT EXISTS spikes
(
    run        LowCardinality(String),
    entity     LowCardinality(String),
    started_at DateTime('UTC'),
    peak_at    DateTime('UTC'),
    ended_at   Nullable(DateTime('UTC')) COMMENT 'NULL while it lasts',
    posts      UInt64 COMMENT 'since it started',
    expected   Float64 COMMENT 'posts in the same minutes',
    peak_posts UInt64 COMMENT 'in its highest minute',
    score      Float64 COMMENT 'the highest',
    version    UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run, entity, started_at);

-- What was announced, once each. It holds figures and the ids of posts, never what people wrote.
CREATE TABLE IF NOT EXISTS alerts
(
    run         LowCardinality(String),
    id          String COMMENT 'hash of run, threshold and started_at: judged again it is the same',
    entity      LowCardinality(String) COMMENT 'empty for an alert about the run itself',
    signal      LowCardinality(String) COMMENT 'that of the threshold, or late',
    severity    LowCardinality(String),
    started_at  DateTime('UTC') COMMENT 'observed time from which on it was above',
    fired_at    DateTime('UTC') COMMENT 'end of the minute with which it fired',
    peak_at     DateTime('UTC') COMMENT 'end of the stretch with the highest value',
    ended_at    Nullable(DateTime('UTC')) COMMENT 'NULL while it lasts',
    value       Float64 COMMENT 'when it fired: posts, or a share',
    expected    Float64 COMMENT 'what it is measured against: the limit, or what the detector expected',
    peak_value  Float64,
    posts       UInt64 COMMENT 'in the stretch with which it fired',
    term        String COMMENT 'of new_term: the word or hashtag',
    threshold   String COMMENT 'JSON of the threshold as it was then',
    silence     LowCardinality(String) COMMENT 'why it is not delivered: muted or too many; else empty',
    explanation String CODEC(ZSTD(3)) COMMENT 'JSON: figures as they were when it fired',
    judged_at   DateTime64(3, 'UTC') COMMENT 'by the clock of the watcher',
    version     UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run, id);

-- Up to when a run has been judged. What is before is never announced again.
CREATE TABLE IF NOT EXISTS watch_marks
(
    run           LowCardinality(String),
    judged_before SimpleAggregateFunction(max, DateTime('UTC')),
    judged_at     SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY run;

-- What the watcher knows of each entity, so that it goes on after a restart where it was.
CREATE TABLE IF NOT EXISTS watch_states
(
    run           LowCardinality(String),
    entity        LowCardinality(String),
    judged_before DateTime('UTC'),
    state         String CODEC(ZSTD(3)) COMMENT 'JSON',
    version       UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (run, entity);

-- Every attempt to deliver a message, by channel. A channel is named without its secrets.
CREATE TABLE IF NOT EXISTS deliveries
(
    run          LowCardinality(String),
    alert_id     String,
    message      LowCardinality(String) COMMENT 'fired or resolved',
    channel      LowCardinality(String),
    attempt      UInt16,
    state        LowCardinality(String) COMMENT 'delivered, failed, given up or refused',
    detail       String,
    attempted_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(attempted_at)
ORDER BY (run, alert_id, message, channel, attempt)
TTL toDateTime(attempted_at) + INTERVAL {retention_days} DAY DELETE;

-- Known events, against which alerts are measured and which charts show.
CREATE TABLE IF NOT EXISTS annotations
(
    id         String,
    entity     LowCardinality(String) COMMENT 'empty: of all',
    starts_at  DateTime('UTC'),
    ends_at    Nullable(DateTime('UTC')),
    title      String,
    text       String,
    url        String,
    author     String COMMENT 'who noted it',
    version    UInt64,
    is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY id;
