// kill -9 of the runtime in the middle of sagas, at a random moment; then it is started again and everything is compared: the
// answers that were given, the log, and what the steps did to the world.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { AcceptedIntent, Event, Execution, Session } from '@biplane/protocol'

import { type Plane, json, killNow, startRuntime, stop } from '../planes.ts'

const SAGAS = 6
const MOMENT_MS_MAX = 350
const END_MS_MAX = 30_000

/** Kills `kills` times in a row, each at a random moment, and checks what is left. */
export async function crashRuntime(kills: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-crash-'))
  let plane = await startRuntime(folder)
  try {
    const { session } = await json<{ session: Session }>(`${plane.url}/api/session/create`, { tenant_id: 'acme' })
    const accepted = await submitAll(plane, session.session_id)
    for (let kill = 0; kill < kills; kill++) {
      await sleep(Math.random() * MOMENT_MS_MAX)
      await killNow(plane)
      plane = await startRuntime(folder)
    }
    const executions = await Promise.all(accepted.map((id) => ended(plane, id)))
    const events = await json<Event[]>(`${plane.url}/api/session/${session.session_id}/events?tenant_id=acme`)
    check(executions, events, await readTrace(folder))
  } finally {
    await stop(plane)
    await rm(folder, { recursive: true })
  }
}

async function submitAll(plane: Plane, session_id: string): Promise<string[]> {
  const submit = async (fails: boolean): Promise<string> => {
    const envelope = { intent_type: 'crash.saga', realm: 'crash', session_id, tenant_id: 'acme', payload: { fails } }
    return (await json<AcceptedIntent>(`${plane.url}/api/intent/submit`, envelope)).execution_id
  }
  return Promise.all(Array.from({ length: SAGAS }, (_, index) => submit(index % 2 === 1)))
}

async function ended(plane: Plane, id: string): Promise<Execution> {
  const deadline = Date.now() + END_MS_MAX
  for (;;) {
    const { execution } = await json<{ execution: Execution }>(`${plane.url}/api/execution/${id}?tenant_id=acme`)
    if (['completed', 'failed'].includes(execution.status)) return execution
    if (Date.now() > deadline) throw new Error(`${id} is ${execution.status} after ${END_MS_MAX} ms`)
    await sleep(20)
  }
}

interface Trace {
  /** Runs of a step, by its key, in the order they began. */
  runs: Map<string, string[]>
  /** Names of the steps that were undone, by execution, in order. */
  undone: Map<string, string[]>
}

async function readTrace(folder: string): Promise<Trace> {
  const trace: Trace = { runs: new Map(), undone: new Map() }
  for (const line of (await readFile(join(folder, 'trace'), 'utf8')).trim().split('\n')) {
    const [kind, key = '', name = '', run = ''] = line.split(' ')
    const [map, of, what] =
      kind === 'run' ? [trace.runs, key, run] : [trace.undone, key.slice(0, key.indexOf('/')), name]
    map.set(of, [...(map.get(of) ?? []), what])
  }
  return trace
}

function check(executions: Execution[], events: Event[], trace: Trace): void {
  const seqs = events.map(({ seq }) => seq)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
    'seq is 1..n',
  )
  for (const { execution_id, status, payload, result, compensated } of executions) {
    const mine = events.filter((event) => 'execution_id' in event && event.execution_id === execution_id)
    const fails = (payload as { fails: boolean }).fails
    assert.equal(status, fails ? 'failed' : 'completed')
    assert.equal(compensated, fails)
    checkSteps(mine)
    if (fails) checkUndone(trace.undone.get(execution_id) ?? [])
    else checkResults(result as Record<string, string>, execution_id, trace)
  }
}

/** Each step's result is recorded once, and nothing follows the end. */
function checkSteps(events: Event[]): void {
  const completed = events.filter(({ type }) => type === 'step.completed').map(({ data }) => JSON.stringify(data))
  const names = completed.map((data) => (JSON.parse(data) as { name: string }).name)
  assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e', 'f'], 'each step completed once, in order')
  assert.match(events.at(-1)?.type ?? '', /^execution\.(completed|failed)$/)
}

/** A recorded step never ran again: the run whose result was recorded is the last one that the world saw. */
function checkResults(result: Record<string, string>, execution: string, { runs }: Trace): void {
  Object.entries(result).forEach(([name, run], ordinal) => {
    // Between two steps the handler emits, which is a call too.
    const seen = runs.get(`${execution}/${ordinal * 2}`)
    assert.equal(seen?.at(-1), run, `step ${name} ran again after its result was recorded`)
  })
}

/** Undone last first; a crash may repeat the one that was under way. */
function checkUndone(names: string[]): void {
  const once = names.filter((name, index) => name !== names[index - 1])
  assert.deepEqual(once, ['f', 'e', 'd', 'c', 'b', 'a'])
}
