-- The log, its index, and the tables that are written in the transactions that append to it.

-- `pos` is the order of commits and the only key: anything else costs the appends (half their speed, or more).
CREATE TABLE entry (
  pos INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  execution_id TEXT,
  kind TEXT NOT NULL,
  type TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  data TEXT NOT NULL,
  secret TEXT
) STRICT;

-- Where the entries of a scope are, written behind the appends up to meta.indexed_pos. A row holds a run of entries: `first`
-- is the seq of its first (for a tenant, its pos), `pos` where that is, `places` the others (sqlite/places.ts).
-- A scope is a session id, an execution id, or `ten:` and a tenant id.
CREATE TABLE entry_index (
  scope TEXT NOT NULL,
  first INTEGER NOT NULL,
  pos INTEGER NOT NULL,
  places BLOB NOT NULL,
  PRIMARY KEY (scope, first)
) STRICT, WITHOUT ROWID;

-- Written with entry_index, so it is behind as well.
CREATE TABLE execution_of_session (
  session_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  PRIMARY KEY (session_id, execution_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  tenant_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  user_id TEXT,
  metadata TEXT,
  status TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, session_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE execution (
  tenant_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  intent_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  intent_type TEXT NOT NULL,
  realm TEXT NOT NULL,
  realm_version TEXT NOT NULL,
  status TEXT NOT NULL,
  compensated INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  ended_ms INTEGER,
  PRIMARY KEY (tenant_id, execution_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX execution_unfinished ON execution (execution_id, session_id) WHERE ended_ms IS NULL;

-- A value that is null was deleted: its revision stays, so that it never goes back.
CREATE TABLE state (
  scope TEXT NOT NULL,
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  revision INTEGER NOT NULL,
  PRIMARY KEY (scope, owner, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
  tenant_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, execution_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX timer_due ON timer (due_ms);

-- What a key made: an execution, or a session.
CREATE TABLE request_key (
  tenant_id TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  execution_id TEXT,
  session_id TEXT,
  made_ms INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX request_key_made ON request_key (made_ms);

CREATE TABLE artifact_ref (
  tenant_id TEXT NOT NULL,
  artifact_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, artifact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  shard INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  owner TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('indexed_pos', 0);
