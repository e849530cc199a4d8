import type { ArtifactId, TenantId } from '@biplane/protocol'

import type { Database } from './database.ts'

const SELECT = 'SELECT 1 FROM artifact_ref WHERE tenant_id = ? AND artifact_id = ?'

export const unreferenced = (db: Database, tenant: TenantId, artifacts: readonly ArtifactId[]): ArtifactId[] =>
  artifacts.filter((artifact) => !db.get(SELECT, tenant, artifact))
