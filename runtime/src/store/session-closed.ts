import type { NewEntry } from './port.ts'

/** The one entry that a store makes by itself: the last of a session, in the commit that ends its last execution. */
export const sessionClosed = (time_ms: number): NewEntry => ({
  kind: 'session',
  type: 'session.closed',
  execution_id: null,
  time_ms,
  data: '{}',
  secret: null,
})
