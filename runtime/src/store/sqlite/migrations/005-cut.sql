-- The beginning of a log may be cut off. `looked_ms`: when it was looked at last whether some of it may go.

ALTER TABLE session ADD COLUMN looked_ms INTEGER NOT NULL DEFAULT 0;
UPDATE session SET looked_ms = created_ms;

CREATE INDEX session_looked ON session (looked_ms, tenant_id, session_id);

-- Up to which place entries of a tenant are not read any more: some of them are gone, though the index names them still.
CREATE TABLE tenant_floor (
  tenant_id TEXT PRIMARY KEY,
  place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
