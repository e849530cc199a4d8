// The matrix of the gateway's socket and of MCP: every message and every tool there is, and what each needs and hides.

import type { Things } from './things.ts'
import type { Fields, Scope } from './token.ts'

export interface Said {
  /** `anyone`: it is about nobody's things. */
  needs: Scope | 'anyone'
  /** As in the matrix of routes. */
  hides?: string
  fields(of: Things): Fields
}

const none = (): Fields => ({})
const ofSession = ({ session_id }: Things): Fields => ({ session_id })
const open: Said = { needs: 'anyone', fields: none }
const listing: Said = { needs: 'event:read', fields: none }
const inSession = (needs: Scope): Said => ({ needs, hides: 'session_not_found', fields: ofSession })
const ofExecution = (needs: Scope, more: Fields = {}, which: 'execution_id' | 'waiting_id' = 'waiting_id'): Said => ({
  needs,
  hides: 'execution_not_found',
  fields: (of) => ({ execution_id: of[which], ...more }),
})
const submitting = (intent_type: string): Said => ({
  needs: 'intent:submit',
  hides: 'session_not_found',
  fields: ({ session_id, key }) => ({
    type: 'submit',
    intent_type,
    session_id,
    payload: { secret: 'mine' },
    idempotency_key: key,
  }),
})

/** By what a client sends: its `type`, or the type of the capability that it submits or asks. */
export const MESSAGES: Record<string, Said> = {
  hello: { needs: 'anyone', hides: 'session_not_found', fields: ({ tenant }) => ({ tenant_id: tenant }) },
  authenticate: { needs: 'anyone', fields: () => ({ token: 'nonsense' }) },
  ping: open,
  list_capabilities: open,
  subscribe: {
    needs: 'event:read',
    hides: 'session_not_found',
    fields: ({ session_id, offset }) => ({ session_id, offset }),
  },
  // They end what this socket has begun itself, and nothing else can be named.
  unsubscribe: { needs: 'anyone', fields: ofSession },
  upload: { needs: 'intent:submit', fields: none },
  upload_end: open,
  upload_cancel: open,
  upload_bytes: open,
  create_session: { needs: 'intent:submit', fields: none },
  close_session: inSession('intent:submit'),
  get_session: inSession('event:read'),
  list_sessions: listing,
  list_state: inSession('event:read'),
  get_execution: ofExecution('event:read'),
  list_executions: listing,
  cancel: ofExecution('execution:operate'),
  pause: ofExecution('execution:operate'),
  resume: ofExecution('execution:operate'),
  settle: ofExecution('execution:operate'),
  retry: ofExecution('execution:operate', {}, 'execution_id'),
  fork: ofExecution('execution:operate', {}, 'execution_id'),
  signal: ofExecution('intent:submit', { name: 'open' }),
  approve: ofExecution('intent:submit', { name: 'open', approved: true }),
  'vault.keep': submitting('vault.keep'),
  'vault.hold': submitting('vault.hold'),
  'vault.break': submitting('vault.break'),
  'vault.look': {
    needs: 'event:read',
    hides: 'session_not_found',
    fields: ({ session_id }) => ({ type: 'query', query_type: 'vault.look', session_id, payload: {} }),
  },
}

const acting: Said = {
  needs: 'intent:submit',
  hides: 'session_not_found',
  fields: ({ session_id }) => ({ session_id, secret: 'mine', wait_s: 0 }),
}

/** By the name of the tool. */
export const TOOLS: Record<string, Said> = {
  vault_keep: acting,
  vault_hold: acting,
  vault_break: acting,
  vault_look: inSession('event:read'),
  execution_status: ofExecution('event:read'),
  execution_result: ofExecution('event:read', { wait_s: 0 }),
  execution_cancel: ofExecution('execution:operate'),
  execution_approve: ofExecution('intent:submit', { name: 'open', approved: true }),
  execution_signal: ofExecution('intent:submit', { name: 'open' }),
  events_read: {
    needs: 'event:read',
    hides: 'session_not_found',
    fields: ({ session_id, offset }) => ({ session_id, offset }),
  },
}

/** Of MCP too; what is hidden there is told by the protocol's own error, with our code in it. */
export const RESOURCES: Record<string, Said> = {
  execution: {
    needs: 'event:read',
    hides: 'execution_not_found',
    fields: ({ execution_id }) => ({ uri: `biplane://execution/${execution_id}` }),
  },
  artifact: {
    needs: 'event:read',
    hides: 'artifact_not_found',
    fields: ({ artifact_id }) => ({ uri: `biplane://artifact/${artifact_id}` }),
  },
}
