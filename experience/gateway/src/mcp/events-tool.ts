// Reading a session's log from an offset, for what an execution's own answers do not tell.

import { SessionId, offsetOf } from '@biplane/protocol'
import * as z from 'zod'

import { builtIn } from './built-in-tool.ts'
import { answer } from './tool-answer.ts'

const EVENTS_MAX = 200
const EVENTS_DEFAULT = 50

export const eventsRead = builtIn({
  name: 'events_read',
  title: "Read a session's log",
  description: 'Its events in order, behind an offset. Does not wait; pass next_offset to go on.',
  takes: z.strictObject({
    session_id: SessionId,
    offset: z.string().max(20).default('-1').describe('-1: from the start; else a next_offset that was told.'),
    limit: z.int().min(1).max(EVENTS_MAX).default(EVENTS_DEFAULT),
  }),
  gives: z.object({
    events: z.array(z.looseObject({ seq: z.int(), kind: z.string(), type: z.string() })),
    next_offset: z.string(),
    up_to_date: z.boolean().describe('Nothing more was in the log.'),
    closed: z.boolean().describe('The session is closed, and this was the last of it.'),
  }),
  annotations: { readOnlyHint: true },
  async run({ session_id, offset, limit }, { client, gone }) {
    const batch = await client.events(session_id, { offset, signal: gone })
    const events = batch.events.slice(0, limit)
    const last = events.at(-1)
    const isAll = events.length === batch.events.length
    const next_offset = (isAll ? batch.offset : null) ?? (last === undefined ? offset : offsetOf(last.seq))
    return answer({ events, next_offset, up_to_date: isAll && batch.upToDate, closed: isAll && batch.closed })
  },
})
