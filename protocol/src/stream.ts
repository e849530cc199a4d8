// Reading a session's log (docs/protocol.md §6): what a stream may be asked for.

import * as z from 'zod'

import { EVENT_KINDS } from './event.ts'
import { RealmName, TypeName } from './name.ts'
import { OFFSET_DIGITS } from './offset.ts'

const CURSOR_CHARS_MAX = 64
/** Of one kind of filter. */
export const FILTER_VALUES_MAX = 20

/** One value, or the same parameter several times. */
const several = <T extends z.ZodType>(value: T) =>
  z.union([value.transform((one) => [one]), z.array(value).max(FILTER_VALUES_MAX)]).optional()

/** What a stream may be asked for. */
export const ReadStream = z.object({
  offset: z
    .string()
    .max(OFFSET_DIGITS)
    .optional()
    .describe('`-1`: from the start. `now`: what comes. Else one that was given. Needed with `live`.'),
  live: z.enum(['long-poll', 'sse']).optional().describe('Waits for what comes, or goes on with it.'),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional().describe('The last `Stream-Cursor`.'),
  offsets: z.literal('true').optional().describe('Each event with the offset behind it: `{offset, event}`.'),
  type: several(TypeName).describe('Only events of this type, or of these.'),
  kind: several(z.enum(EVENT_KINDS)).describe('Only events of this kind, or of these.'),
  realm: several(RealmName).describe('Only events of executions of this realm, or of these.'),
})
export type ReadStream = z.infer<typeof ReadStream>
