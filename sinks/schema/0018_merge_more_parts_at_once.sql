-- A merge of ten parts of about one size, where it was five: each row is then written anew a third less
-- often. Small parts are merged by their age still, two at a time if no more come, so that what was
-- masked leaves the disk.
ALTER TABLE reactions MODIFY SETTING merge_selector_base = 10;
ALTER TABLE post_states MODIFY SETTING merge_selector_base = 10;
ALTER TABLE reactions_by_minute MODIFY SETTING merge_selector_base = 10;
ALTER TABLE reactions_by_hour MODIFY SETTING merge_selector_base = 10;
ALTER TABLE reactions_by_day MODIFY SETTING merge_selector_base = 10;
ALTER TABLE calling_reactions MODIFY SETTING merge_selector_base = 10;
ALTER TABLE ledger MODIFY SETTING merge_selector_base = 10;
