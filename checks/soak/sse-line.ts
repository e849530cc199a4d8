// Server-sent events, read by hand: thousands in one process, and one that does not read must not read.

import { type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Given } from './record.ts'
import type { Line, Manner, Place } from './subscriber.ts'

const SLOW_MS = 300

export const sseLine =
  (gateway: string): Line =>
  async (places, take, manner, signal) => {
    const place = places[0]!
    const response = await open(
      `${gateway}/v1/session/${place.sessionId}/events?tenant_id=soak&live=sse&offset=${place.offset}`,
      signal,
    )
    if (response === null) return
    await readBlocks(response, manner, blockReader(place, take))
  }

/** Null if it could not be opened. */
function open(url: string, signal: AbortSignal): Promise<IncomingMessage | null> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, signal, headers: { connection: 'close' } }, (response) => {
      response.on('error', () => {})
      if (response.statusCode === 200) return resolve(response)
      response.resume()
      resolve(null)
    })
    asked.on('error', () => resolve(null))
    asked.end()
  })
}

async function readBlocks(response: IncomingMessage, manner: Manner, block: (text: string) => void): Promise<void> {
  if (manner.isStuck) return standStill(response)
  let rest = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) {
      const blocks = (rest + (chunk as string)).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(block)
      if (manner.isSlow) await sleep(SLOW_MS)
    }
  } catch {
    // A line that broke: what was whole has been taken.
  }
}

/** Reads nothing more, until the other side has had enough of it; then it will come back by its offset. */
function standStill(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    response.pause()
    response.socket.once('close', resolve)
  })
}

/** Events count as given when the control event behind them has told their offset. */
function blockReader(place: Place, take: Parameters<Line>[1]): (text: string) => void {
  let batch: Given[] = []
  return (text) => {
    const lines = text.split('\n')
    const kind = lines
      .find((line) => line.startsWith('event:'))
      ?.slice(6)
      .trim()
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5))
    if (kind === 'data') batch.push(...(JSON.parse(data.join('\n')) as Given[]))
    if (kind !== 'control') return
    const { streamNextOffset } = JSON.parse(data.join('\n')) as { streamNextOffset: string }
    take(place, batch, streamNextOffset)
    batch = []
  }
}
