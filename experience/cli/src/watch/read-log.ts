// Two ways to read a log: as it is now, to its end and no further; and on and on, whatever lies between.

import type { Event } from '@biplane/protocol'

import type { Task } from '../command.ts'
import { careful } from '../terminal/style.ts'

/** What is there. */
export async function* readLog({ client }: Task, session: string, offset: string): AsyncGenerator<Event> {
  for (let from = offset; ;) {
    const batch = await client.events(session, { offset: from })
    yield* batch.events
    if (batch.upToDate || batch.closed || batch.offset === null) return
    from = batch.offset
  }
}

/** What is there and what comes, until the session is closed. */
export async function* followLog(
  { client, out }: Task,
  session: string,
  offset: string,
  signal?: AbortSignal,
): AsyncGenerator<Event> {
  const onReconnect = ({ attempt }: { attempt: number }) => {
    // A stream ends now and then and is opened again at once; only what lasts is worth a word.
    if (attempt !== 2) return
    out.record({ type: 'reconnecting' })
    out.note(careful('  The connection was lost; reconnecting …'))
  }
  for await (const { event } of client.follow(session, { offset, signal, onReconnect })) yield event
}

/** The place behind the last event that there is now. */
export const tailOf = async ({ client }: Task, session: string): Promise<string> =>
  (await client.events(session, { offset: 'now' })).offset ?? '-1'
