INSERT INTO naive_reactions (run, entity, observed_at, platform, post_id, author, lang, text, sentiment, call) VALUES
