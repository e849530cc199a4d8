// One scenario by three roads: REST with polling, REST with server-sent events, the command line. Surfaces deliver; they decide
// nothing, so the logs must be equal but for ids and times.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { type AcceptedIntent, type Event, type Execution, type Session, isFinal } from '@biplane/protocol'

import { type Plane, json, startGateway, startRuntime, stop } from './planes.ts'

const ROOT = join(import.meta.dirname, '..')
const END_MS_MAX = 30_000
const ORDERS = 'order_id,customer_id\n1,7\n2,8\n3,7,extra\n4,9\n'
const CUSTOMERS = 'customer_id,name\n7,Ada\n8,Grace\n8,Grace again\n'

let folder: string
let runtime: Plane
let gateway: Plane

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-scenario-'))
  runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') })
  gateway = await startGateway(runtime.url)
  await writeFile(join(folder, 'orders.csv'), ORDERS)
  await writeFile(join(folder, 'customers.csv'), CUSTOMERS)
})

after(async () => {
  await stop(gateway)
  await stop(runtime)
  await rm(folder, { recursive: true })
})

/** How a road learns that an execution has ended. */
type Wait = (accepted: AcceptedIntent) => Promise<unknown>

test('the logs of one scenario over polling, over server-sent events and by the command line are equal', async () => {
  const polled = await overRest(byPolling)
  const streamed = await overRest(byEvents)
  const typed = await byCommand()
  assert.ok(polled.length > 20)
  assert.deepEqual(streamed, polled)
  assert.deepEqual(typed, polled)
})

async function overRest(wait: Wait): Promise<unknown[]> {
  const { session } = await json<{ session: Session }>(`${gateway.url}/v1/session/create`, { tenant_id: 'acme' })
  const { session_id } = session
  const content_ids = []
  for (const [name, text] of [
    ['orders.csv', ORDERS],
    ['customers.csv', CUSTOMERS],
  ] as const) {
    const form = new FormData()
    form.set('tenant_id', 'acme')
    form.set('session_id', session_id)
    form.set('file', new File([text], name, { type: 'application/octet-stream' }))
    const response = await fetch(`${gateway.url}/v1/content/upload`, { method: 'POST', body: form })
    assert.equal(response.status, 202)
    const accepted = (await response.json()) as AcceptedIntent
    await wait(accepted)
    content_ids.push(((await executionOf(accepted)).result as { content_id: string }).content_id)
  }
  const body = { tenant_id: 'acme', session_id, content_ids }
  const accepted = await json<AcceptedIntent>(`${gateway.url}/v1/data-mash/create`, body)
  await wait(accepted)
  const { product_id } = (await executionOf(accepted)).result as { product_id: string }
  const rows = await json<{ rows: unknown[] }>(
    `${gateway.url}/v1/data-mash/query?tenant_id=acme&product_id=${product_id}`,
  )
  assert.equal(rows.rows.length, 3)
  return logOf(session_id)
}

const executionOf = async ({ execution_id }: AcceptedIntent): Promise<Execution> =>
  (await json<{ execution: Execution }>(`${gateway.url}/v1/execution/${execution_id}?tenant_id=acme`)).execution

async function byPolling(accepted: AcceptedIntent): Promise<void> {
  const deadline = Date.now() + END_MS_MAX
  while (!isFinal((await executionOf(accepted)).status)) {
    assert.ok(Date.now() < deadline, 'it ends')
    await sleep(20)
  }
}

async function byEvents({ session_id, execution_id }: AcceptedIntent): Promise<void> {
  const url = `${gateway.url}/v1/session/${session_id}/events?tenant_id=acme&live=sse&offset=-1`
  const response = await fetch(url, { signal: AbortSignal.timeout(END_MS_MAX) })
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (eventsIn(text).some(({ subject, type }) => subject === execution_id && type === 'execution.completed')) return
  }
}

/** Of the blocks that have come whole. */
const eventsIn = (text: string): Event[] =>
  text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => block.startsWith('event: data'))
    .flatMap((block) => JSON.parse(block.slice(block.indexOf('['))) as Event[])

async function byCommand(): Promise<unknown[]> {
  const { session } = await json<{ session: Session }>(`${gateway.url}/v1/session/create`, { tenant_id: 'acme' })
  const { session_id } = session
  const biplane = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, BIPLANE_URL: `${gateway.url}/v1`, BIPLANE_TENANT: 'acme', NO_COLOR: '1' }
    const command = [join(ROOT, 'experience/cli/src/main.ts'), ...args, '--session', session_id, '--follow']
    return (await promisify(execFile)(process.execPath, command, { cwd: folder, env })).stdout
  }
  const contents = []
  for (const file of ['orders.csv', 'customers.csv']) {
    contents.push(/content (cnt_\w+)/.exec(await biplane('upload', file))?.[1] ?? '')
  }
  const product = /product (prd_\w+)/.exec(await biplane('mash', ...contents))?.[1] ?? ''
  await json(`${gateway.url}/v1/data-mash/query?tenant_id=acme&product_id=${product}`)
  return logOf(session_id)
}

/**
 * The log without what differs between any two runs: ids, times and how long things took. Progress is left out, because how much
 * of it is written depends on time.
 */
async function logOf(session: string): Promise<unknown[]> {
  const events = await json<Event[]>(`${runtime.url}/api/session/${session}/events?tenant_id=acme`)
  return events
    .filter(({ kind }) => kind !== 'progress')
    .map(({ kind, type, data }) => ({ kind, type, data: alike(data) }))
}

function alike(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\b(ses|int|exe|cnt|prd|art)_[0-9a-z]+/g, '$1_…')
  if (Array.isArray(value)) return value.map(alike)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([name]) => !name.endsWith('_ms') && name !== 'size')
  return Object.fromEntries(fields.map(([name, inner]) => [name, alike(inner)]))
}
