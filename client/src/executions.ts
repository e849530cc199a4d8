// Executions: the durable run of one accepted intent.

import type { Execution, ExecutionStatus, ExecutionSummary, Page, Status } from '@biplane/protocol'

import type { PageOptions } from './sessions.ts'
import type { CallOptions, Transport } from './transport.ts'

export interface ExecutionFilter extends PageOptions {
  sessionId?: string
  status?: Status
  intentType?: string
}

export const executionCalls = ({ json }: Transport) => ({
  async execution(executionId: string, { signal }: CallOptions = {}): Promise<Execution> {
    const { execution } = await json<{ execution: Execution }>({ method: 'GET', path: pathOf(executionId), signal })
    return execution
  },

  executionStatus(executionId: string, { signal }: CallOptions = {}): Promise<ExecutionStatus> {
    return json({ method: 'GET', path: `${pathOf(executionId)}/status`, signal })
  },

  /** Newest first. */
  executions(filter: ExecutionFilter = {}): Promise<Page<ExecutionSummary>> {
    const { sessionId, status, intentType, after, limit, signal } = filter
    const query = { session_id: sessionId, status, intent_type: intentType, after, limit }
    return json({ method: 'GET', path: '/execution', query, signal })
  },
})

export const pathOf = (executionId: string): string => `/execution/${encodeURIComponent(executionId)}`
