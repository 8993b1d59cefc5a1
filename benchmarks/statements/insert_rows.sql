-- Rows of reactions and nothing that follows from them: what storing costs without totals.
INSERT INTO reactions ({names}) VALUES
