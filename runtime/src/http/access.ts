// Whom a route answers (docs/protocol.md §4): the scope that a token needs, and what one that is bound to a session reaches. Such a
// token sees and touches its session alone; whatever else a request is about does not exist for it. The check stands in the way
// of every route, so that none can forget it.

import { type ExecutionId, type ProblemCode, ProblemError, type SessionId } from '@biplane/protocol'

import type { Runtime } from '../runtime-parts.ts'
import type { Store } from '../store/port.ts'
import type { Principal, Scope } from './principal.ts'

export interface Access {
  scope: Scope
  /** What is answered to a foreign tenant, and to a bound token outside of its session. */
  notFound: ProblemCode
  /**
   * What a bound token reaches here: its own session, named in the path or the body, or an execution of it; a list that the route
   * narrows to its session; everything; nothing.
   */
  bound: 'own' | 'listed' | 'all' | 'nothing'
  /** It is about the runtime as a whole: on open loopback no tenant need be named. */
  whole?: boolean
}

interface Named {
  params: { session_id?: SessionId; execution_id?: ExecutionId }
  body: { session_id?: SessionId } | undefined
}

/** @throws ProblemError `access.notFound` */
export async function requireWithin(access: Access, who: Principal, named: Named, store: Store): Promise<void> {
  const { session } = who
  if (session === undefined || access.bound === 'all' || access.bound === 'listed') return
  if (access.bound === 'own' && (await sessionOf(named, who, store)) === session) return
  throw new ProblemError(access.notFound)
}

async function sessionOf({ params, body }: Named, { tenant }: Principal, store: Store): Promise<SessionId | undefined> {
  if (params.execution_id === undefined) return params.session_id ?? body?.session_id
  return (await store.getExecution(tenant, params.execution_id))?.session_id
}

/** @throws ProblemError overloaded: the tenant has more open than its part */
export function requireRoom({ serving }: Pick<Runtime, 'serving'>, { tenant }: Principal): void {
  if (!serving.hasRoom(tenant)) throw new ProblemError('overloaded', 'The tenant has too many requests open.')
}
