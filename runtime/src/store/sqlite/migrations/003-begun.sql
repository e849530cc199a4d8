-- When executions began. How often those of a lane begin may be bounded, and a restart must know what has begun: those alone are
-- indexed.

ALTER TABLE execution ADD COLUMN began_ms INTEGER;
ALTER TABLE execution ADD COLUMN rate_lane TEXT;

-- Nearly all began as they were accepted; nothing counted it yet.
UPDATE execution SET began_ms = created_ms WHERE status <> 'accepted';

CREATE INDEX execution_begun ON execution (intent_type, began_ms, execution_id, rate_lane) WHERE rate_lane IS NOT NULL;
