import type { Session } from '@biplane/protocol'

import type { ExecutionRow, NewEntry } from './port.ts'

/** The one entry that a store makes by itself: the last of a session, in the commit that ends its last execution. */
export const sessionClosed = (time_ms: number): NewEntry => ({
  kind: 'session',
  type: 'session.closed',
  execution_id: null,
  time_ms,
  data: '{}',
  secret: null,
})

/** Children of what runs in a session are accepted until it has closed. */
export const takesIntents = (status: Session['status'], execution: ExecutionRow): boolean =>
  status === 'open' || (status === 'closing' && execution.parent_id !== null)
