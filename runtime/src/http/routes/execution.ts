// Executions: reading and operating them.

import {
  Execution,
  ExecutionId,
  ExecutionStatus,
  ExecutionSummary,
  ProblemError,
  SessionId,
  Status,
  page,
} from '@biplane/protocol'
import * as z from 'zod'

import type { ExecutionRow } from '../../store/port.ts'
import { type Asked, type Route, route } from '../route.ts'
import { executionSummary, executionView } from './execution-view.ts'
import { OfTenant, Paged } from './session.ts'

export const OfExecution = z.object({ execution_id: ExecutionId })
const Filter = Paged.extend({
  session_id: SessionId.optional(),
  status: Status.optional(),
  intent_type: z.string().max(120).optional(),
})
export type AskedOne<B = unknown> = Asked<unknown, B, z.output<typeof OfExecution>>

const reading = { scope: 'event:read', notFound: 'execution_not_found', bound: 'own' } as const

export const executionRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/api/execution',
    summary: 'Lists executions, newest first',
    access: { ...reading, bound: 'listed' },
    query: Filter,
    answer: { status: 200, schema: page(ExecutionSummary) },
    handle: listExecutions,
  }),
  route({
    method: 'GET',
    url: '/api/execution/:execution_id',
    summary: 'Reads an execution with its steps, and its result or error',
    access: reading,
    params: OfExecution,
    query: OfTenant,
    answer: { status: 200, schema: z.object({ execution: Execution }) },
    handle: readOne,
  }),
  route({
    method: 'GET',
    url: '/api/execution/:execution_id/status',
    summary: 'Reads the status of an execution',
    access: reading,
    params: OfExecution,
    query: OfTenant,
    answer: { status: 200, schema: ExecutionStatus },
    handle: async (asked) => statusOf(await requireExecution(asked)),
  }),
]

export async function requireExecution({ runtime, who, params }: AskedOne): Promise<ExecutionRow> {
  const row = await runtime.store.getExecution(who.tenant, params.execution_id)
  if (!row) throw new ProblemError('execution_not_found', `There is no execution ${params.execution_id}.`)
  return row
}

async function readOne(asked: AskedOne) {
  const { store, engine } = asked.runtime
  const row = await requireExecution(asked)
  const execution = await executionView(store, row)
  const why = row.status === 'accepted' ? engine.whyQueued(row) : null
  return { execution: why === null ? execution : { ...execution, waits_for: why } }
}

async function listExecutions({ runtime, who, query }: Asked<z.output<typeof Filter>>) {
  const { after, limit, status, intent_type } = query
  const { session } = who
  if (session !== undefined && session !== (query.session_id ?? session)) return { items: [], next: null }
  const session_id = session ?? query.session_id
  const filter = {
    tenant_id: who.tenant,
    ...(session_id === undefined ? {} : { session_id }),
    ...(status === undefined ? {} : { status }),
    ...(intent_type === undefined ? {} : { intent_type }),
  }
  const { items, next } = await runtime.store.listExecutions(filter, after ?? null, limit)
  return { items: items.map(executionSummary), next }
}

export const statusOf = ({ execution_id, status, compensated }: ExecutionRow) => ({ execution_id, status, compensated })
