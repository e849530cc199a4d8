// Runs the programs of the newest recorded realm, on SQLite, and keeps their logs: a file for each program, an entry in each line.
// Done once for a release, by hand:
//
//   node runtime/src/engine/testing/recorded/record.ts
//
// What is kept is never made again: it stands for the logs that users have.

import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { TestRuntime, waitFor } from '../../../test-runtime.ts'
import { world } from './recorded-realm-1.ts'
import { recordedRealm2 } from './recorded-realm-2.ts'

const RELEASE = join(import.meta.dirname, 'release-2')

type Drive = (runtime: TestRuntime, execution: string) => Promise<unknown>

const isWaiting = (status: string) => status === 'waiting'
const holds = () => waitFor(() => world.holding > 0 || null, 'a step that holds')

async function signal(runtime: TestRuntime, execution: string, sent: object): Promise<void> {
  const { status, body } = await runtime.operate(execution, 'signal', sent)
  assert.equal(status, 202, JSON.stringify(body))
}

/** The programs that are recorded, and what is done to each while it runs. */
const DRIVES: Record<string, Drive> = {
  steps: async () => {},
  races: async () => {},
  keyed: async () => {},
  sleeps: async () => {},
  async waits(runtime, execution) {
    const send = (name: string, payload: unknown) => signal(runtime, execution, { name, payload })
    await send('early', 'came first')
    await send('go', 'does not fit')
    await runtime.until(execution, isWaiting)
    await runtime.operate(execution, 'pause', { reason: 'a look at it' })
    await runtime.restart()
    await runtime.operate(execution, 'resume', { reason: 'seen' })
    await send('go', 7)
  },
  async approvals(runtime, execution) {
    const decide = (name: string, approved: boolean, reason: string) =>
      signal(runtime, execution, { name, approved, reason, payload: { amount: 120 } })
    await runtime.until(execution, isWaiting)
    await decide('refund', true, 'as agreed')
    await decide('bonus', false, 'not this year')
  },
  parent: async () => {},
  state: async () => {},
  emits: async () => {},
  saga: async () => {},
  async cancelled(runtime, execution) {
    await holds()
    await runtime.operate(execution, 'cancel', { reason: 'changed my mind' })
  },
  async killed(runtime, execution) {
    await runtime.until(execution, isWaiting)
    await runtime.operate(execution, 'cancel', { mode: 'kill', reason: 'enough' })
  },
  timed_out: async () => {},
  async forked(runtime, execution) {
    await runtime.until(execution)
    world.isDown = false
    const { body } = await runtime.operate(execution, 'fork', { reason: 'up again' })
    await runtime.until(body.execution_id)
  },
  async recovered(runtime) {
    await holds()
    world.isDown = false
    await runtime.restart()
  },
  chance: async () => {},
  async superseded(runtime, execution) {
    const { session_id } = await runtime.execution(execution)
    await runtime.until(await runtime.begin(session_id, 'recorded.superseded'))
  },
}

/** Writes the log of each program's session to the folder. */
export async function record(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const realms = [recordedRealm2]
  await using runtime = await TestRuntime.start(realms)
  const sessions = new Map<string, string>()
  for (const [name, drive] of Object.entries(DRIVES)) {
    Object.assign(world, { isDown: true, holding: 0 })
    const session = await runtime.session()
    const execution = await runtime.begin(session, `recorded.${name}`)
    await drive(runtime, execution)
    await runtime.until(execution)
    sessions.set(name, session)
  }
  await runtime.restart(realms, (data) => {
    for (const [name, session] of sessions) {
      writeFileSync(join(folder, `${name.replaceAll('_', '-')}.jsonl`), linesOf(data, session))
    }
  })
}

function linesOf(data: string, session: string): string {
  using db = new DatabaseSync(join(data, 'biplane.db'), { readOnly: true })
  const entries = db.prepare('SELECT * FROM entry WHERE session_id = ? ORDER BY seq').all(session)
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

if (import.meta.main) {
  if (existsSync(RELEASE)) {
    throw new Error(`${RELEASE} is kept as it is. A later release is recorded into a folder of its own.`)
  }
  await record(RELEASE)
}
