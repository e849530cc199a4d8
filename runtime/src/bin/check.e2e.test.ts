// `biplane-runtime check` as a person meets it before a deployment: a runtime with executions in flight, and other code beside it.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'

import type { AcceptedIntent, Execution, Session } from '@biplane/protocol'

import type { Checked } from './check-executions.ts'
import { type DevProcess, TestProject, until } from './test-project.ts'

const TENANT = 'acme'
const IN_FLIGHT = { waits: 3, sleeps: 2, paused: 1, forked: 1 }

const CONFIG = "export default { realms: ['./trial.ts'] }\n"
/** Prints, as realms do: it must not get into the answer. */
const TRIAL = `import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

console.log('the trial realm is loaded')
const anything = { payload: z.object({ n: z.number() }), result: z.json() }

export default defineRealm({ name: 'trial', version: '1', capabilities: [
  intent('trial.waits', { ...anything, async run(ctx, { n }) {
    const before = await ctx.step('before', () => n)
    ctx.emit('trial.begun', { chance: ctx.random() })
    return [before, (await ctx.waitFor('go')).payload]
  } }),
  intent('trial.sleeps', { ...anything, async run(ctx) {
    await ctx.step('before', () => 1)
    await ctx.sleep('1h')
    return ctx.step('after', () => 2)
  } }),
  intent('trial.forked', { ...anything, async run(ctx, { n }) {
    const before = await ctx.step('first', () => n)
    await ctx.step('second', () => n)
    return [before, (await ctx.waitFor('go')).payload]
  } }),
] })
`

async function call<T>(url: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {})
  assert.ok(response.ok, `${url} answered ${response.status}: ${await response.clone().text()}`)
  return (await response.json()) as T
}

const operate = <T>(url: string, id: string, verb: string, body: object = {}) =>
  call<T>(`${url}/api/execution/${id}/${verb}`, { tenant_id: TENANT, ...body })

const execution = async (url: string, id: string): Promise<Execution> =>
  (await call<{ execution: Execution }>(`${url}/api/execution/${id}?tenant_id=${TENANT}`)).execution

const reaches = (url: string, id: string, wanted: string) =>
  until(
    () => execution(url, id),
    ({ status }) => status === wanted,
  )

async function begin(url: string, type: string, count: number): Promise<string[]> {
  const { session } = await call<{ session: Session }>(`${url}/api/session/create`, { tenant_id: TENANT })
  const { session_id } = session
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const intent = { intent_type: type, realm: 'trial', session_id, tenant_id: TENANT, payload: { n } }
    ids.push((await call<AcceptedIntent>(`${url}/api/intent/submit`, intent)).execution_id)
  }
  for (const id of ids) await reaches(url, id, 'waiting')
  return ids
}

/** Executions that wait, sleep, are paused, and one that was forked from another. */
async function fill(url: string) {
  const waits = await begin(url, 'trial.waits', IN_FLIGHT.waits)
  const sleeps = await begin(url, 'trial.sleeps', IN_FLIGHT.sleeps)
  const [paused = ''] = await begin(url, 'trial.waits', IN_FLIGHT.paused)
  await operate(url, paused, 'pause')
  const [source = ''] = await begin(url, 'trial.forked', 1)
  await operate(url, source, 'signal', { name: 'go', payload: 'done' })
  await reaches(url, source, 'completed')
  const { execution_id: forked } = await operate<AcceptedIntent>(url, source, 'fork', { through: 1 })
  await reaches(url, forked, 'waiting')
  return { waits, sleeps, paused, forked, all: [...waits, ...sleeps, paused, forked] }
}

async function started(): Promise<{ project: TestProject; runtime: DevProcess; url: string }> {
  const project = await TestProject.make({
    'runtime.config.ts': CONFIG,
    'trial.ts': TRIAL,
    'new/runtime.config.ts': CONFIG,
    'new/trial.ts': TRIAL,
  })
  const runtime = project.start()
  return { project, runtime, url: await runtime.url() }
}

const check = (project: TestProject, ...args: string[]) =>
  project.biplaneRuntime('check', '--config', 'new/runtime.config.ts', ...args)

/** The tables of which the engine knows; the index of the log is written behind it. */
function tablesOf({ folder }: TestProject) {
  using db = new DatabaseSync(join(folder, '.biplane/biplane.db'), { readOnly: true })
  const tables = ['entry', 'session', 'execution', 'state', 'timer', 'lease', 'request_key']
  return tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()])
}

test('before code is deployed, those that it would stop are named beside the runtime, which goes on', async () => {
  const { project, url } = await started()
  await using _ = project
  const { all, waits, paused, forked } = await fill(url)

  const same = await check(project)
  assert.equal(same.code, 0, same.said)
  assert.match(same.said, /7 in flight: 7 replay, 0 would stop\./)

  await project.write('new/trial.ts', TRIAL.replace("('trial.begun'", "('trial.started'"))
  const { code, said } = await check(project)
  assert.equal(code, 1)
  assert.match(said, /7 in flight: 3 replay, 4 would stop\.\s+4 in flight would diverge:/)
  for (const id of [...waits, paused]) {
    assert.match(said, new RegExp(`${id}  trial.waits 1 .*The log has "trial.begun" as call 1 of trial.waits`))
  }

  // The code of before a fork is replayed too.
  await project.write('new/trial.ts', TRIAL.replace("step('first'", "step('begin'"))
  assert.match((await check(project)).said, new RegExp(`1 in flight would diverge:\\s+${forked}  trial\\.forked 1`))

  for (const id of all) {
    if (id === paused) await operate(url, id, 'resume')
    if ((await execution(url, id)).intent_type === 'trial.sleeps') continue
    await operate(url, id, 'signal', { name: 'go', payload: 'on' })
    await reaches(url, id, 'completed')
  }
})

test('a check changes nothing: not the log, not a table, not the lock', async () => {
  const { project, runtime, url } = await started()
  await using _ = project
  const { waits } = await fill(url)
  const statuses = async () => Promise.all(waits.map(async (id) => (await execution(url, id)).steps))
  const [stepsBefore, before] = [await statuses(), tablesOf(project)]
  await project.write('new/trial.ts', TRIAL.replace("step('before'", "step('begin'"))
  assert.equal((await check(project)).code, 1)
  assert.deepEqual([await statuses(), tablesOf(project)], [stepsBefore, before])
  // It would end if it had lost the folder.
  assert.equal((await project.biplaneRuntime('start')).code, 2)
  assert.equal(runtime.process.exitCode, null)
})

test('a missing realm and a payload that no longer fits are told apart, for programs too', async () => {
  const { project, runtime, url } = await started()
  await using _ = project
  const { waits, sleeps } = await fill(url)
  const renamed = TRIAL.replace("'trial.sleeps'", "'trial.naps'").replace('n: z.number()', 'n: z.number().max(0)')
  await project.write('new/trial.ts', renamed)
  // Also after a crash, when nobody has the data.
  runtime.process.kill('SIGKILL')
  await once(runtime.process, 'exit')

  const { code, said } = await check(project)
  assert.equal(code, 1)
  assert.match(said, /2 in flight would have no realm:\s+.*No realm of this runtime has trial\.sleeps/)
  assert.match(said, /2 in flight would have a payload that no longer fits:/)
  const out = await project.outputOf('check', '--config', 'new/runtime.config.ts', '--json')
  const { in_flight, replay, stop, stopped } = JSON.parse(out) as Checked
  assert.deepEqual([in_flight, replay, stop], [7, 3, { 'realm.missing': 2, 'payload.no_longer_valid': 2 }])
  const found = new Map(stopped.map(({ execution_id, code: why }) => [execution_id as string, why]))
  for (const id of waits.slice(1)) assert.equal(found.get(id), 'payload.no_longer_valid')
  for (const id of sleeps) assert.equal(found.get(id), 'realm.missing')
  assert.equal(found.size, 4)
})

test('what cannot be checked is said, with what to do', async () => {
  await using project = await TestProject.make({ 'new/runtime.config.ts': CONFIG, 'new/trial.ts': TRIAL })
  const none = await check(project)
  assert.deepEqual([none.code, /There is no data of a runtime in .*--data or BIPLANE_DATA/.test(none.said)], [2, true])
  await project.write('new/trial.ts', 'export default = 1')
  const broken = await check(project)
  assert.deepEqual([broken.code, /Could not load the realm \.\/trial\.ts/.test(broken.said)], [2, true])
  assert.deepEqual(await project.list(), ['new/runtime.config.ts', 'new/trial.ts'])
})
