// kill -9 of the gateway while a mash runs, at a random moment, with a follower on it. The execution must not notice, and the
// follower, through a new gateway, must miss and repeat nothing.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Client, createClient } from '@biplane/client'
import type { Event } from '@biplane/protocol'

import { type Plane, killNow, startGateway, startRuntime, stop } from '../planes.ts'

const ROOT = join(import.meta.dirname, '../..')
const MOMENT_MS_MAX = 400
const FOLLOW_MS_MAX = 60_000
const PHASES = ['initiated', 'data_quality', 'semantic_interpretation', 'semantic_mapping', 'registered']

/** One runtime for many crashes: `once` kills a gateway of its own. */
export class GatewayCrashes implements AsyncDisposable {
  readonly #folder: string
  readonly #runtime: Plane

  private constructor(folder: string, runtime: Plane) {
    this.#folder = folder
    this.#runtime = runtime
  }

  static async start(): Promise<GatewayCrashes> {
    const folder = await mkdtemp(join(tmpdir(), 'biplane-gateway-crash-'))
    const runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') })
    return new GatewayCrashes(folder, runtime)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#runtime)
    await rm(this.#folder, { recursive: true })
  }

  async once(): Promise<void> {
    const gateway = await startGateway(this.#runtime.url)
    const client = createClient({ url: `${gateway.url}/v1`, tenantId: 'acme' })
    const { session_id } = await client.createSession()
    const payload = {
      content_ids: [await upload(client, session_id, ORDERS), await upload(client, session_id, CUSTOMERS)],
    }
    const { execution_id } = await client.submit({ type: 'data_mash.create', sessionId: session_id, payload })
    const followed = followToEnd(client, session_id, execution_id)
    await sleep(Math.random() * MOMENT_MS_MAX)
    await killNow(gateway)
    // At the same address, as a supervisor starts it.
    const next = await startGateway(this.#runtime.url, { GATEWAY_PORT: new URL(gateway.url).port })
    try {
      const seen = await followed
      const direct = createClient({ url: `${this.#runtime.url}/api`, tenantId: 'acme' })
      assert.equal((await direct.result(execution_id)).status, 'completed')
      check(seen, await wholeLog(direct, session_id))
    } finally {
      await stop(next)
    }
  }
}

const ORDERS = `order_id,customer_id,amount\n${Array.from({ length: 400 }, (_, i) => `${i},${i % 40},${i}.5\n`).join('')}`
const CUSTOMERS = `customer_id,name\n${Array.from({ length: 40 }, (_, i) => `${i},Name ${i}\n`).join('')}`

async function upload(client: Client, sessionId: string, text: string): Promise<string> {
  const { artifact_id } = await client.putArtifact(new Blob([text], { type: 'text/csv' }))
  const { execution_id } = await client.submit({
    type: 'content.upload',
    sessionId,
    payload: { file: { artifact_id } },
  })
  return ((await client.result(execution_id)).result as { content_id: string }).content_id
}

async function followToEnd(client: Client, session: string, execution: string): Promise<Event[]> {
  const seen: Event[] = []
  for await (const { event } of client.follow(session, { signal: AbortSignal.timeout(FOLLOW_MS_MAX) })) {
    seen.push(event)
    if (event.subject === execution && event.type === 'execution.completed') break
  }
  return seen
}

async function wholeLog(client: Client, session: string): Promise<Event[]> {
  await client.closeSession(session)
  const all = await Array.fromAsync(client.follow(session), ({ event }) => event)
  return all.filter(({ kind }) => kind !== 'session')
}

/** What the follower saw is the log up to the end of the mash, each entry once and in order. */
function check(seen: Event[], log: Event[]): void {
  const mine = seen.filter(({ kind }) => kind !== 'session')
  assert.deepEqual(mine, log)
  assert.deepEqual(
    seen.map(({ seq }) => seq),
    seen.map((_, index) => index + 1),
  )
  const phases = seen
    .filter(({ type }) => type.startsWith('data_mash.'))
    .map(({ type }) => type.slice('data_mash.'.length))
  assert.deepEqual(phases, PHASES)
}
