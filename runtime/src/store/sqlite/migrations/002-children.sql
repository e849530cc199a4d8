-- Executions that other executions called, and the call that waits for the end of one.

ALTER TABLE execution ADD COLUMN parent_id TEXT;
ALTER TABLE execution ADD COLUMN parent_ordinal INTEGER;
