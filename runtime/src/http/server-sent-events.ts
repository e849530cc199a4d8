// A session's log as server-sent events: pairs of data and control, one batch at a time. The next batch is read only when the
// last has left for the network, so a slow reader costs one batch of memory and is closed if it stalls; it resumes by its offset.
// When the reader's token expires the answer ends, and the reader comes back with a fresh one.

import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

import { type SessionId, offsetOf } from '@biplane/protocol'

import type { Runtime } from '../runtime-parts.ts'
import type { Batch } from '../streams/session-streams.ts'
import { type Principal, msLeft } from './principal.ts'

/** A comment this often keeps intermediaries from closing what is quiet. */
const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for so long is gone or stuck. */
const STALL_MS = 30_000

interface Reading {
  session: SessionId
  /** Seq of the last entry that the reader has. */
  from: number
  who: Principal
}

export async function sendServerSentEvents(
  response: ServerResponse,
  runtime: Runtime,
  { session, from, who }: Reading,
): Promise<void> {
  const { gone, forget } = endOf(response, runtime, who)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  const heartbeat = repeat(runtime, HEARTBEAT_MS, () => response.writableLength === 0 && response.write(': \n\n'))
  try {
    for (let after = from, first = true; !gone.aborted; first = false) {
      const batch = await runtime.streams.read(session, after)
      if (gone.aborted) break
      after = batch.next
      // The first pair says where the reader stands even if there is nothing to say.
      if (first || batch.events.length > 0 || batch.closed) await write(response, runtime, pair(batch), gone)
      if (batch.closed) break
      if (batch.upToDate) await runtime.streams.wait(session, after, gone)
    }
  } finally {
    heartbeat()
    forget()
    response.end()
  }
}

/** `gone`: the reader has left, its token has expired, or the runtime stops. Where the reader stands it has been told by then. */
function endOf(response: ServerResponse, { clock, stopping }: Runtime, who: Principal) {
  const over = new AbortController()
  const end = () => over.abort()
  response.once('close', end)
  const ms = msLeft(who, clock.now())
  const forget = ms === Infinity ? () => {} : clock.after(ms, end)
  return { gone: AbortSignal.any([over.signal, stopping]), forget }
}

function pair(batch: Batch): string {
  const control = {
    streamNextOffset: offsetOf(batch.next),
    ...(batch.upToDate ? { upToDate: true } : {}),
    ...(batch.closed ? { streamClosed: true } : {}),
  }
  const data = batch.events.length === 0 ? '' : `event: data\ndata: [${batch.events.join(',')}]\n\n`
  return `${data}event: control\nid: ${control.streamNextOffset}\ndata: ${JSON.stringify(control)}\n\n`
}

async function write(response: ServerResponse, { clock }: Runtime, text: string, gone: AbortSignal): Promise<void> {
  if (response.write(text)) return
  const cancel = clock.after(STALL_MS, () => response.destroy())
  // Rejects when the reader is gone, which the loop sees for itself.
  await once(response, 'drain', { signal: gone }).catch(() => {})
  cancel()
}

function repeat({ clock }: Runtime, every_ms: number, task: () => void): () => void {
  let cancel = () => {}
  const schedule = () => {
    cancel = clock.after(every_ms, () => {
      task()
      schedule()
    })
  }
  schedule()
  return () => cancel()
}
