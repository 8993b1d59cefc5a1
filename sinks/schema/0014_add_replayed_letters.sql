-- When a dead letter was read again and became a record: from then on it is none any more, and its
-- bytes are not kept. A letter that fails again later is one again.
ALTER TABLE dead_letters
    ADD COLUMN IF NOT EXISTS replayed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was read again with success; NULL while it is a dead letter';
