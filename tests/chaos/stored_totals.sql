-- Every total of a run, by minute: its counters by name.
SELECT
    entity, minute, platform, lang,
    map(
        'posts', posts, 'reposts', reposts, 'negative', negative, 'neutral', neutral,
        'positive', positive, 'unsure', unsure, 'unread', unread, 'calling', calling,
        'calling_against', calling_against, 'calling_for', calling_for,
        'authors', finalizeAggregation(authors)
    ),
    sentiment_sum,
    calls
FROM reactions_by_minute FINAL
WHERE run = %(run)s
