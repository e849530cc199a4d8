import type { ArtifactId, TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'

const INSERT = 'INSERT OR IGNORE INTO artifact_ref (tenant_id, artifact_id) VALUES (?, ?)'

/** Notes that the log names these artifacts. */
export function keepArtifacts(db: Database, tenant: TenantId, artifacts: readonly ArtifactId[]): void {
  for (const artifact of artifacts) db.run(INSERT, tenant, artifact)
}
