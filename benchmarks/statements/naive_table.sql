-- What a tutorial's sink writes to: rows as they come, no totals, no way to replace or remove.
CREATE TABLE IF NOT EXISTS naive_reactions
(
    run         String,
    entity      String,
    observed_at DateTime,
    platform    String,
    post_id     String,
    author      String,
    lang        String,
    text        String,
    sentiment   Float64,
    call        String
)
ENGINE = MergeTree
ORDER BY (run, entity, observed_at);
