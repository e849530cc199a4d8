// The log itself, read from the runtime when nothing is written any more.

import { setTimeout as sleep } from 'node:timers/promises'

import type { Given } from './record.ts'

const WORKING = ['accepted', 'running', 'waiting']
const LOOK_EVERY_MS = 100

/** Waits until no execution is at work. */
export async function settled(runtime: string): Promise<void> {
  const isWorking = async (status: string) => {
    const answer = await fetch(`${runtime}/api/execution?tenant_id=soak&status=${status}&limit=1`)
    return ((await answer.json()) as { items: unknown[] }).items.length > 0
  }
  while ((await Promise.all(WORKING.map(isWorking))).some(Boolean)) await sleep(LOOK_EVERY_MS)
}

export async function readLog(runtime: string, sessionId: string): Promise<Given[]> {
  const events: Given[] = []
  for (let offset = '-1'; ;) {
    const answer = await fetch(`${runtime}/api/session/${sessionId}/events?tenant_id=soak&offset=${offset}`)
    if (!answer.ok) throw new Error(`The log of ${sessionId} answered ${answer.status}: ${await answer.text()}`)
    events.push(...((await answer.json()) as Given[]))
    if (answer.headers.get('stream-up-to-date') === 'true') return events
    offset = answer.headers.get('stream-next-offset') ?? offset
  }
}
