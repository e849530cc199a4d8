// Runs the programs of the newest recorded realm once, on SQLite, and keeps their logs. Done once for a release, by hand:
//
//   node runtime/src/engine/testing/recorded/record.ts
//
// What is kept is never made again: those logs stand for the ones that users have.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { TestRuntime } from '../../../test-runtime.ts'
import { recordedRealm1, world } from './recorded-realm-1.ts'

const FOLDER = join(import.meta.dirname, 'release-1')

interface Recording {
  runtime: TestRuntime
  execution: string
}

/** What is done to a program while it runs; those that are not named here run by themselves. */
const DRIVERS: Record<string, (recording: Recording) => Promise<void>> = {
  async waits({ runtime, execution }) {
    const send = (name: string, payload: unknown) =>
      runtime.operate(execution, 'signal', { name, payload, signal_id: `${name} ${JSON.stringify(payload)}` })
    await send('early', 'came first')
    await send('go', 'does not fit')
    await runtime.until(execution, isWaiting)
    await runtime.operate(execution, 'pause', { reason: 'a look at it' })
    await runtime.restart()
    await runtime.operate(execution, 'resume', { reason: 'seen' })
    await send('go', 7)
  },
  async approvals({ runtime, execution }) {
    const decide = (name: string, approved: boolean, reason: string) =>
      runtime.operate(execution, 'signal', { name, approved, reason, payload: { amount: 120 } })
    await runtime.until(execution, isWaiting)
    await decide('refund', true, 'as agreed')
    await decide('bonus', false, 'not this year')
  },
  async cancelled({ runtime, execution }) {
    await runtime.until(execution, ([...isBusy]))
    await runtime.operate(execution, 'cancel', { reason: 'changed my mind' })
  },
  async killed({ runtime, execution }) {
    await runtime.until(execution, isWaiting)
    await runtime.operate(execution, 'cancel', { mode: 'kill', reason: 'enough' })
  },
  async forked({ runtime, execution }) {
    await runtime.until(execution)
    world.isDown = false
    const { body } = await runtime.operate(execution, 'fork', { reason: 'up again' })
    await runtime.until(body.execution_id)
  },
  async recovered({ runtime, execution }) {
    await stepAtWork(runtime, execution, 'hold')
    world.isDown = false
    await runtime.restart()
  },
}
