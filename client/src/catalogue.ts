// What the runtime can do (docs/protocol.md §7), and the facts that its executions keep.

import type { Catalogue, Page, StateValue } from '@biplane/protocol'

import type { PageOptions } from './sessions.ts'
import { type CallOptions, type Transport, readJson } from './transport.ts'

export interface VersionedCatalogue extends Catalogue {
  /** Compare with `etag` to learn whether anything changed. */
  etag: string | null
}

/** Whose state: a session's, or the tenant's own. */
export type StateOwner = { sessionId: string } | { tenantId: string }

export interface StatePage extends PageOptions {
  prefix?: string
}

export const catalogueCalls = ({ exchange, json }: Transport) => ({
  capabilities({ signal }: CallOptions = {}): Promise<VersionedCatalogue> {
    return exchange({ method: 'GET', path: '/capabilities', signal }, readCatalogue)
  },

  /** Null if `etag` is still that of the catalogue. */
  changedCapabilities(etag: string | null, { signal }: CallOptions = {}): Promise<VersionedCatalogue | null> {
    const headers = { 'if-none-match': etag ?? undefined }
    return exchange({ method: 'GET', path: '/capabilities', headers, signal }, (response) =>
      response.status === 304 ? Promise.resolve(null) : readCatalogue(response),
    )
  },

  /** One key. @throws BiplaneError `state_not_found` */
  state(owner: StateOwner, key: string, { signal }: CallOptions = {}): Promise<StateValue> {
    const path = key.split('/').map(encodeURIComponent).join('/')
    return json({ method: 'GET', path: `${statePath(owner)}/${path}`, signal })
  },

  /** Keys that begin with `prefix`, in order. */
  states(owner: StateOwner, { prefix, after, limit, signal }: StatePage = {}): Promise<Page<StateValue>> {
    return json({ method: 'GET', path: statePath(owner), query: { prefix, after, limit }, signal })
  },
})

async function readCatalogue(response: Response): Promise<VersionedCatalogue> {
  const { capabilities } = await readJson<Catalogue>(response)
  return { capabilities, etag: response.headers.get('etag') }
}

const statePath = (owner: StateOwner): string =>
  'sessionId' in owner
    ? `/session/${encodeURIComponent(owner.sessionId)}/state`
    : `/tenant/${encodeURIComponent(owner.tenantId)}/state`
