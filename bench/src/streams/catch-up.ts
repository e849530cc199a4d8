// How fast a log that is there already is read, from its start to its end.

import { TENANT, openSession, submit } from './talk.ts'

const PER_EXECUTION = 10_000

export async function fill(runtime: string, events: number): Promise<string> {
  const session = await openSession(runtime)
  for (let made = 0; made < events; made += PER_EXECUTION) {
    await submit(runtime, 'bench.tell', session, Math.min(PER_EXECUTION, events - made), true)
  }
  return session
}

export interface CatchUp {
  events: number
  megabytes: number
  seconds: number
}

/** `base`: `…/api` of the runtime or `…/v1` of the gateway. One page after the other, as every reader does. */
export async function catchUp(base: string, session: string): Promise<CatchUp> {
  const began = performance.now()
  let [events, bytes] = [0, 0]
  for (let offset = '-1'; ;) {
    const answer = await fetch(`${base}/session/${session}/events?tenant_id=${TENANT}&offset=${offset}`)
    if (!answer.ok) throw new Error(`Reading answered ${answer.status}: ${await answer.text()}`)
    const page = Buffer.from(await answer.arrayBuffer())
    bytes += page.length
    events += (JSON.parse(page.toString()) as unknown[]).length
    if (answer.headers.get('stream-up-to-date') === 'true') break
    offset = answer.headers.get('stream-next-offset')!
  }
  return { events, megabytes: bytes / 1e6, seconds: (performance.now() - began) / 1000 }
}
