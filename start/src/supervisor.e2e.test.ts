import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { PlaneFailed } from './plane.ts'
import type { PlaneSpec } from './plane-spec.ts'
import { type Addresses, supervise } from './supervisor.ts'

const WAIT_MAX_MS = 10_000
const PATIENCE = { deathsMax: 2, steadyMs: 60_000, backoffFirstMs: 10, backoffMaxMs: 20 }
const program = fileURLToPath(new URL('./testing/plane.ts', import.meta.url))

const runtimePlane = (behaviour: string): PlaneSpec => ({
  name: 'runtime',
  command: [program, 'runtime', behaviour],
  portVariable: 'RUNTIME_PORT',
  readyPath: '/ready',
})
const experiencePlane = (behaviour: string): PlaneSpec => ({
  name: 'experience',
  command: [program, 'experience', behaviour],
  portVariable: 'GATEWAY_PORT',
  readyPath: '/health',
})

/** Both planes under supervision, until `stop()`; they end with the test in any case. */
function start(t: TestContext, { runtime = '', experience = '' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-supervisor-'))
  const said: string[] = []
  const stop = new AbortController()
  const force = new AbortController()
  const up = Promise.withResolvers<Addresses>()
  const over = supervise(
    {
      runtime: runtimePlane(runtime),
      experience: experiencePlane(experience),
      env: { ...process.env, TRACE: join(folder, 'trace'), RUNTIME_PORT: '0', GATEWAY_PORT: '0' },
      logs: folder,
      say: (plane, line) => said.push(`${plane}: ${line}`),
      stop: stop.signal,
      force: force.signal,
      patience: PATIENCE,
    },
    (addresses) => {
      up.resolve(addresses)
      return new Promise(() => {})
    },
  )
  over.catch(up.reject)
  up.promise.catch(() => {})
  t.after(async () => {
    stop.abort()
    force.abort()
    await over.catch(() => {})
    rmSync(folder, { recursive: true })
  })
  const trace = () => (existsSync(join(folder, 'trace')) ? file('trace').trim().split('\n') : [])
  const file = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { up: up.promise, over, said, stop: () => stop.abort(), force: () => force.abort(), trace, file }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + WAIT_MAX_MS; !condition(); await sleep(10)) {
    if (performance.now() > deadline) throw new Error(`Waited ${WAIT_MAX_MS} ms in vain for ${String(condition)}`)
  }
}

/** The process ids that a plane has had. */
const pidsOf = (trace: string[], plane: string): number[] =>
  trace.filter((line) => line.startsWith(`${plane} starts as`)).map((line) => Number(line.split(' ').at(-1)))

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the runtime starts first and the experience is told where it is; the experience stops first', async (t) => {
  const planes = start(t)
  const { runtime } = await planes.up
  planes.stop()
  assert.equal(await planes.over, undefined)
  assert.deepEqual(
    planes.trace().map((line) => line.replace(/as \d+/, 'as a process')),
    [
      'runtime starts as a process',
      'runtime listens, told RUNTIME_URL=',
      'experience starts as a process',
      `experience listens, told RUNTIME_URL=${runtime}`,
      'experience stops by SIGTERM',
      'runtime stops by SIGTERM',
    ],
  )
  assert.equal(new Set([...pidsOf(planes.trace(), 'runtime'), ...pidsOf(planes.trace(), 'experience')]).size, 2)
})

test('warnings are shown, and everything is in the log file', async (t) => {
  const planes = start(t)
  await planes.up
  assert.ok(planes.said.includes('runtime: warning: the disk is slow'))
  assert.ok(!planes.said.some((line) => line.includes('listening')))
  assert.match(planes.file('runtime.log'), /"msg":"listening"/)
})

for (const [plane, other] of [
  ['runtime', 'experience'],
  ['experience', 'runtime'],
] as const) {
  test(`when the ${plane} is killed it starts again at its address, and the ${other} keeps running`, async (t) => {
    const planes = start(t)
    const { [plane]: url } = await planes.up
    process.kill(pidsOf(planes.trace(), plane)[0] ?? 0, 'SIGKILL')
    await until(() => planes.said.includes(`${plane}: It is up again at ${url}.`))
    assert.equal((await fetch(url)).status, 200)
    assert.ok(planes.said.some((line) => line.startsWith(`${plane}: It was ended by SIGKILL; the rest keeps running.`)))
    assert.equal(pidsOf(planes.trace(), plane).length, 2)
    assert.equal(pidsOf(planes.trace(), other).length, 1)
  })
}

test('what a plane has started ends with it', async (t) => {
  const planes = start(t, { runtime: 'parent' })
  await planes.up
  const port = () =>
    planes
      .trace()
      .find((line) => line.startsWith('grandchild listens on '))
      ?.split(' ')
      .at(-1)
  await until(() => port() !== undefined)
  const first = `http://127.0.0.1:${port()}`
  assert.equal((await fetch(first)).status, 200)
  process.kill(pidsOf(planes.trace(), 'runtime')[0] ?? 0, 'SIGKILL')
  await until(() => planes.said.some((line) => line.startsWith('runtime: It is up again')))
  await assert.rejects(fetch(first))
})

test('a plane that says it cannot run is not started again, and its reason is shown', async (t) => {
  const planes = start(t, { runtime: 'taken' })
  await assert.rejects(planes.over, PlaneFailed)
  assert.equal(pidsOf(planes.trace(), 'runtime').length, 1)
  assert.ok(planes.said.some((line) => line.startsWith('runtime: Port 8000 is taken. Set RUNTIME_PORT')))
})

test('an experience that breaks at its start stops the runtime too', async (t) => {
  const planes = start(t, { experience: 'broken' })
  await assert.rejects(
    planes.over,
    /The experience ended with exit code 1 before it was ready\. Its full output is in /,
  )
  assert.equal(planes.trace().at(-1), 'runtime stops by SIGTERM')
  assert.ok(planes.said.some((line) => line.includes('Error: broken')))
})

test('a plane that dies again and again is given up in words, and the other is stopped', async (t) => {
  const planes = start(t, { experience: 'mortal' })
  await assert.rejects(planes.over, /The experience ended with exit code 1, 3 times in a row\./)
  assert.equal(pidsOf(planes.trace(), 'experience').length, 3)
  assert.equal(planes.trace().at(-1), 'runtime stops by SIGTERM')
})

test('a plane that does not stop is killed when patience ends', async (t) => {
  const planes = start(t, { experience: 'stubborn' })
  await planes.up
  planes.stop()
  await until(() => planes.trace().includes('experience ignores SIGTERM'))
  planes.force()
  await planes.over
  assert.ok(!isAlive(pidsOf(planes.trace(), 'experience')[0] ?? 0))
})

test('asked to stop while starting, it stops and starts nothing more', async (t) => {
  const planes = start(t, { runtime: 'silent' })
  await until(() => planes.trace().length > 0)
  planes.stop()
  await planes.over
  assert.equal(pidsOf(planes.trace(), 'experience').length, 0)
  assert.ok(!isAlive(pidsOf(planes.trace(), 'runtime')[0] ?? 0))
})
