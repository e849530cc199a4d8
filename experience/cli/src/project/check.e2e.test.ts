// `biplane check` hands on what it is told, and answers as the runtime's own program does.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { createClient } from '@biplane/client'
import { ROOT, runProcess, startProcess, until } from '@biplane/client/testing'

const main = 'experience/cli/src/main.ts'
const CONFIG = "export default { realms: ['./trial.ts'] }\n"
const TRIAL = `import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

const wait = intent('trial.wait', { payload: z.object({}), result: z.json(), async run(ctx) {
  await ctx.step('first', () => 1)
  return (await ctx.waitFor('go')).payload
} })
export default defineRealm({ name: 'trial', version: '1', capabilities: [wait] })
`

test('what is in flight is checked beside a running runtime, and the exit code says how it came out', async (t) => {
  await mkdir(join(ROOT, '.biplane'), { recursive: true })
  const cwd = await mkdtemp(join(ROOT, '.biplane/project-'))
  t.after(() => rm(cwd, { recursive: true, force: true }))
  await writeFile(join(cwd, 'runtime.config.ts'), CONFIG)
  await writeFile(join(cwd, 'trial.ts'), TRIAL)
  const env = { RUNTIME_PORT: '0', BIPLANE_DATA: 'data' }
  await using runtime = await startProcess({ main: 'runtime/src/main.ts', cwd, env })
  const client = createClient({ url: `${runtime.url}/api`, tenantId: 'acme' })
  const { session_id } = await client.createSession()
  const { execution_id } = await client.submit({ type: 'trial.wait', payload: {}, sessionId: session_id })
  await until('the wait', async () => (await client.execution(execution_id)).status === 'waiting')

  const check = (...args: string[]) => runProcess({ main, args: ['check', ...args], cwd })
  assert.deepEqual(await check('--data', 'data'), { code: 0, printed: '1 in flight: 1 replay, 0 would stop.\n' })
  await mkdir(join(cwd, 'new'))
  await writeFile(join(cwd, 'new/runtime.config.ts'), CONFIG)
  await writeFile(join(cwd, 'new/trial.ts'), TRIAL.replace("'first'", "'begin'"))
  const { code, printed } = await check('--data', 'data', '--config', 'new/runtime.config.ts', '--json')
  const { stop, stopped } = JSON.parse(printed) as { stop: object; stopped: { execution_id: string }[] }
  assert.deepEqual([code, stop, stopped[0]?.execution_id], [1, { 'handler.diverged': 1 }, execution_id])
  assert.equal((await check('--data', 'nowhere')).code, 2)
})

test('without the runtime it says what to install', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'biplane-none-'))
  t.after(() => rm(cwd, { recursive: true }))
  const { code, printed } = await runProcess({ main, args: ['check'], cwd })
  assert.deepEqual([code, /npm install @biplane\/runtime/.test(printed)], [2, true])
})
