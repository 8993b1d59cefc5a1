-- On which platforms the posts of a run were made.
SELECT DISTINCT platform FROM post_states WHERE run = %(run)s
