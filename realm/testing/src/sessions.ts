// Sessions by a name of the test's choosing, made when they are first named.

import { hash } from 'node:crypto'

import { ProblemError, type SessionId, type TenantId, newSessionId } from '@biplane/protocol'
import { entryOf } from '@biplane/runtime/entry'

import type { Life } from './life.ts'
import type { Processes } from './processes.ts'

export class Sessions {
  readonly #processes: Processes
  readonly #made = new Map<string, Promise<SessionId>>()

  constructor(processes: Processes) {
    this.#processes = processes
  }

  /** An id of a session is its name, too. */
  async named(tenant: TenantId, name: string): Promise<SessionId> {
    if (name.startsWith('ses_')) return name as SessionId
    const place = `${tenant} ${name}`
    const known = this.#made.get(place)
    if (known) return known
    const made = this.#processes.ask((life) => create(life, tenant, name))
    this.#made.set(place, made)
    return made
  }
}

async function create({ parts, engine }: Life, tenant_id: TenantId, name: string): Promise<SessionId> {
  const created_ms = parts.clock.now()
  const session_id = newSessionId(parts.ids)
  const created = await parts.store.createSession({
    lease: engine.leaseOf(session_id),
    session: { session_id, tenant_id, status: 'open', created_ms },
    // Asked again after a crash, it is the one that was made before.
    key: { key: `session ${name}`, body_hash: hash('sha256', name) },
    entry: entryOf('session.created', { tenant_id }, { execution: null, time_ms: created_ms }),
  })
  if (!('session' in created)) throw new ProblemError('idempotency_conflict')
  return created.session.session_id
}
