// A process whose event loop is watched. It does one thing, says so in a line of its own, and lives until its input ends.
// `node watched-child.ts <what> <file>`: what blocks does so until there is that file.

import { existsSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { systemLog } from '../../system.ts'
import { TestRuntime } from '../../test-runtime.ts'
import { startWatchdog } from '../watchdog.ts'

/** Much longer than a loop may be blocked. */
const LONG_MS = 1_500
const BLOCKED_AFTER_MS = 300
/** Should the test be gone. */
const BLOCK_MS_MAX = 30_000

const [, , what = '', file = ''] = process.argv
const log = systemLog('warn')
const say = (msg: string) => process.stdout.write(`${JSON.stringify({ msg })}\n`)

function block(): void {
  const until = Date.now() + BLOCK_MS_MAX
  while (!existsSync(file) && Date.now() < until);
}

async function watched(work: () => unknown): Promise<void> {
  const watchdog = startWatchdog({ log, blockedAfterMs: BLOCKED_AFTER_MS })
  watchdog.enter('hello.greet step charge')
  const working = work()
  watchdog.leave()
  await working
}

const payload = z.object({})
const result = z.unknown()
const hello = defineRealm({
  name: 'hello',
  version: '1',
  capabilities: [
    intent('hello.block', { payload, result, run: (ctx) => ctx.step('charge', block) }),
    intent('hello.ponder', { payload, result, run: async () => block() }),
    intent('hello.wait', { payload, result, run: (ctx) => ctx.step('charge', () => after(LONG_MS, 'done')) }),
  ],
})

async function inRuntime(intentType: string): Promise<void> {
  const runtime = await TestRuntime.start([hello], { watchdog: true, log })
  const { status } = await runtime.run(await runtime.session(), intentType)
  say(status)
  process.stdin.once('close', () => void runtime[Symbol.asyncDispose]())
}

const WORK: Record<string, () => Promise<void>> = {
  nothing: () => watched(() => {}),
  block: () => watched(block),
  'go on and block': () => watched(() => after(1).then(block)),
  wait: () => watched(() => after(LONG_MS)),
}

process.stdin.resume()
await (WORK[what] ?? (() => inRuntime(what)))()
say('done')
