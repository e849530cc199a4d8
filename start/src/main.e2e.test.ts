// `npm start` as a process, with both planes as they are, but without realms.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const WAIT_MAX_MS = 30_000

function start(t: TestContext, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-start-'))
  writeFileSync(join(folder, 'runtime.config.ts'), 'export default { realms: [] }\n')
  const main = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
    env: {
      ...process.env,
      BIPLANE_DATA: join(folder, 'data'),
      BIPLANE_CONFIG: join(folder, 'runtime.config.ts'),
      RUNTIME_PORT: '0',
      GATEWAY_PORT: '0',
      CONSOLE_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [main.stdout, main.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)))
  const exit = once(main, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  t.after(async () => {
    main.kill()
    await exit
    rmSync(folder, { recursive: true, force: true })
  })
  const said = async (what: RegExp): Promise<RegExpExecArray> => {
    for (const deadline = performance.now() + WAIT_MAX_MS; performance.now() < deadline; await sleep(10)) {
      const found = what.exec(output)
      if (found !== null) return found
    }
    throw new Error(`In vain waited for ${what} in: ${output}`)
  }
  const addresses = async () => {
    await said(/Ctrl-C stops all/)
    const at = async (label: string) => (await said(new RegExp(`${label} +(http\\S+)`)))[1] ?? ''
    return [await at('Runtime'), await at('Experience'), await at('Console')] as const
  }
  return { main, exit, said, addresses }
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  )

async function untilDown(url: string): Promise<void> {
  for (const deadline = performance.now() + WAIT_MAX_MS; await isUp(url); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`${url} still answers`)
  }
}

test('it prints where the planes and the console are, and Ctrl-C stops them cleanly', async (t) => {
  const { main, exit, said, addresses } = start(t)
  const [runtime, experience, console] = await addresses()
  assert.ok((await isUp(runtime)) && (await isUp(experience)) && (await isUp(console)))
  main.kill('SIGINT')
  // npm passes on what the terminal has sent already.
  main.kill('SIGINT')
  assert.deepEqual(await exit, [0, null])
  await said(/Stopped\./)
  assert.ok(!(await isUp(runtime)) && !(await isUp(experience)) && !(await isUp(console)))
})

test('killed with -9 it leaves no plane behind', async (t) => {
  const { main, addresses } = start(t)
  const urls = await addresses()
  main.kill('SIGKILL')
  await Promise.all(urls.map(untilDown))
})

for (const variable of ['RUNTIME_PORT', 'GATEWAY_PORT', 'CONSOLE_PORT']) {
  test(`a taken port is refused with the name of ${variable} and the way out`, async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    t.after(() => taken.close())
    const { exit, said } = start(t, { [variable]: String((taken.address() as AddressInfo).port) })
    assert.deepEqual(await exit, [1, null])
    await said(new RegExp(`taken.*${variable}=0`))
  })
}
