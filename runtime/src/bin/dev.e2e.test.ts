// `biplane-runtime dev` as a person meets it: a project, an editor that saves, and executions that are in flight meanwhile.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'

import type { AcceptedIntent, Execution, Session } from '@biplane/protocol'

import { type DevProcess, TestProject, until } from './test-project.ts'

const TENANT = 'acme'
/** Longer than it takes to reload, also on a busy machine. */
const SLEEP = '5s'

const CONFIG = "export default { realms: ['./trial/trial.ts'] }\n"
/** A word in a module of its own, since what is imported is reloaded too. */
const word = (text: string) => `export const WORD = '${text}'\n`
const TRIAL = `import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'
import { WORD } from './word.ts'

const anything = { payload: z.object({}), result: z.json() }

export default defineRealm({ name: 'trial', version: '1', capabilities: [
  intent('trial.say', { ...anything, run: async () => WORD }),
  intent('trial.sleep', { ...anything, async run(ctx) {
    const before = await ctx.step('before', () => WORD)
    await ctx.sleep('${SLEEP}')
    return [before, await ctx.step('after', () => WORD)]
  } }),
  intent('trial.wait', { ...anything, async run(ctx) {
    await ctx.step('first', () => 1)
    return ctx.step('gate', async ({ signal }) => {
      while (!existsSync('gate')) await delay(10, undefined, { signal })
      return 'through'
    })
  } }),
] })
`

const projectOf = (text: string) =>
  TestProject.make({ 'runtime.config.ts': CONFIG, 'trial/trial.ts': TRIAL, 'trial/word.ts': word(text) })

async function call<T>(url: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {})
  assert.ok(response.ok, `${url} answered ${response.status}: ${await response.clone().text()}`)
  return (await response.json()) as T
}

async function submit(url: string, type: string): Promise<string> {
  const { session } = await call<{ session: Session }>(`${url}/api/session/create`, { tenant_id: TENANT })
  const { session_id } = session
  const intent = { intent_type: type, realm: 'trial', session_id, tenant_id: TENANT, payload: {} }
  return (await call<AcceptedIntent>(`${url}/api/intent/submit`, intent)).execution_id
}

const execution = async (url: string, id: string): Promise<Execution> =>
  (await call<{ execution: Execution }>(`${url}/api/execution/${id}?tenant_id=${TENANT}`)).execution

const resultOf = async (url: string, id: string): Promise<unknown> =>
  (
    await until(
      () => execution(url, id),
      ({ status }) => status === 'completed',
    )
  ).result

const answer = async (url: string): Promise<unknown> => resultOf(url, await submit(url, 'trial.say'))

/** The address does not change, or followers would not come back. */
async function reloaded(dev: DevProcess, url: string): Promise<void> {
  assert.equal(await dev.url(), url)
  await dev.says(/Reloaded in \d+ ms/)
}

test('when a module is saved the new code answers, and an execution that slept meanwhile goes on with it', async () => {
  await using project = await projectOf('old')
  const dev = project.dev()
  const url = await dev.url()
  assert.equal(await answer(url), 'old')
  const sleeper = await submit(url, 'trial.sleep')
  await until(
    () => execution(url, sleeper),
    ({ status }) => status === 'waiting',
  )

  await project.write('trial/word.ts', word('new'))
  await reloaded(dev, url)
  assert.equal(await answer(url), 'new')
  assert.deepEqual(await resultOf(url, sleeper), ['old', 'new'])
})

test('an execution that the new code does not fit pauses, and is named with the reason and what to do', async () => {
  await using project = await projectOf('old')
  const dev = project.dev()
  const url = await dev.url()
  const waiting = await submit(url, 'trial.wait')
  const isAtGate = ({ steps }: Execution) =>
    steps.some(({ name, status }) => name === 'first' && status === 'completed')
  await until(() => execution(url, waiting), isAtGate)

  await project.write('trial/trial.ts', TRIAL.replace("step('first'", "step('begin'"))
  await reloaded(dev, url)
  await dev.says(new RegExp(`1 execution is paused:\\s+${waiting} trial\\.wait: .*first`))
  await dev.says(/goes on by itself; anything else when it is told to:\s+curl \S+ \S+ '\S+\/resume\?tenant_id=acme'/)

  await project.write('gate', '')
  await project.write('trial/trial.ts', TRIAL)
  await reloaded(dev, url)
  assert.equal(await resultOf(url, waiting), 'through')
  // It goes on with the mended code: at that start nothing stands still.
  assert.equal(dev.timesSaid(/is paused:/g), 1)
})

test('code that does not load is said with file and line, and the code from before keeps answering', async () => {
  await using project = await projectOf('old')
  const dev = project.dev()
  const url = await dev.url()

  await project.write('trial/word.ts', "\nexport const WORD == 'new'\n")
  await dev.says(/trial\/word\.ts:2[^]*The code from before keeps running/)
  assert.equal(await answer(url), 'old')
  await project.write('trial/word.ts', "import './nowhere.ts'\nexport const WORD = 'new'\n")
  await dev.says(/nowhere\.ts[^]*keeps running/)
  // What is still missing may come later.
  await project.write('trial/nowhere.ts', '')
  await reloaded(dev, url)
  assert.equal(await answer(url), 'new')
})

test('a project that does not load yet is waited for', async () => {
  await using project = await TestProject.make({ 'runtime.config.ts': "export default { realms: ['./later.ts'] }\n" })
  const dev = project.dev()
  await dev.says(/later\.ts, which cannot be found[^]*Mend it and save/)
  await project.write('runtime.config.ts', 'export default { realms: [] }\n')
  assert.match(await dev.url(), /^http/)
})

test('what is not imported restarts nothing', async () => {
  await using project = await projectOf('old')
  const dev = project.dev()
  const url = await dev.url()
  await project.write('trial/notes.ts', 'export {}\n')
  await project.write('trial/word.ts', word('old'))
  await project.write('trial/word.ts', word('new'))
  // One restart for three saves.
  await dev.says(/^\s*Biplane runtime on \S+\s+Reloaded in \d+ ms\.\s*$/)
  assert.equal(await answer(url), 'new')
})

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`after ${signal} nothing of it is left`, async () => {
    await using project = await projectOf('old')
    const dev = project.dev()
    const url = await dev.url()
    dev.process.kill(signal)
    await once(dev.process, 'exit')
    const isUp = () =>
      fetch(`${url}/health`).then(
        () => true,
        () => false,
      )
    await until(isUp, (up) => !up)
  })
}
