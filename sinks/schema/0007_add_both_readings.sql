-- Both readings of a post's sentiment are kept, so that disagreement shows, and whether the model was
-- sure of its label: a label that it was not sure of counts as unsure in the totals. The language that
-- the platform declared is kept so that a stored post can be read again.
ALTER TABLE reactions
    ADD COLUMN IF NOT EXISTS declared_lang LowCardinality(String) COMMENT 'by the platform; empty where it told none' AFTER lang,
    ADD COLUMN IF NOT EXISTS sentiment_sure UInt8 DEFAULT 1 COMMENT '0 within the abstain band of the model' AFTER sentiment_label,
    ADD COLUMN IF NOT EXISTS sentiment_vader Nullable(Float32) COMMENT 'what VADER says of the whole post, where it is English' AFTER sentiment_model;
ALTER TABLE reactions_by_minute
    ADD COLUMN IF NOT EXISTS unsure UInt64 COMMENT 'posts that the model read, but is not sure of' AFTER positive;
ALTER TABLE reactions_by_minute
    COMMENT COLUMN IF EXISTS negative 'surely so, as neutral and positive are',
    COMMENT COLUMN IF EXISTS unread 'posts whose sentiment no model reads: posts = negative + neutral + positive + unsure + unread';
