// Every call of the socket by its name.

import type { Call } from './call.ts'
import { OPERATE_CALLS } from './operate-calls.ts'
import { SESSION_CALLS } from './session-calls.ts'

export const CALLS: ReadonlyMap<string, Call> = new Map([...SESSION_CALLS, ...OPERATE_CALLS])
