-- Posts of a run: what was told apart by platform and identity, whatever was repeated.
SELECT uniqExact(platform, post_id) FROM post_states WHERE run = %(run)s
