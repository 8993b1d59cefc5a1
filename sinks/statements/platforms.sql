-- The platforms that posts of any run came from.
SELECT DISTINCT platform FROM post_states ORDER BY platform
