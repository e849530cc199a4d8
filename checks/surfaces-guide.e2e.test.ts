// docs/surfaces.md is true: its surface compiles, runs by itself and beside another, and does what is said of it.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type NodeProcess, startProcess, until } from '@biplane/client/testing'
import type { Event, Execution, Session } from '@biplane/protocol'

import { type Plane, json, killNow, startRuntime, stop } from './planes.ts'
import { type Answer, Page } from './surfaces-guide-page.ts'

const LINES_MAX = 60

let page: Page
let runtime: Plane
let gateway: NodeProcess

before(async () => {
  page = await Page.write()
  const BIPLANE_CONFIG = join(page.folder, 'runtime.config.ts')
  await writeFile(
    BIPLANE_CONFIG,
    `export default { realms: ['${join(import.meta.dirname, 'surfaces-guide-realm.ts')}'] }`,
  )
  runtime = await startRuntime(page.folder, { BIPLANE_CONFIG })
  gateway = await experience('--only', 'chat')
})

after(async () => {
  await gateway[Symbol.asyncDispose]()
  await stop(runtime)
  await page[Symbol.asyncDispose]()
})

const experience = (...args: string[]) =>
  startProcess({
    main: 'experience/gateway/src/main.ts',
    args: ['--config', join(page.folder, 'experience.config.ts'), ...args],
    env: { RUNTIME_URL: runtime.url, GATEWAY_PORT: '0', BIPLANE_LOG: 'silent' },
  })

const command = (words: string, given: Record<string, string> = {}) =>
  page.command(words, { GATEWAY: gateway.url, ...given })

async function say(fields: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ tenant_id: 'acme', channel: 'C1', ...fields })
  const response = await fetch(`${gateway.url}/chat`, { method: 'POST', body })
  return { status: response.status, text: (await response.text()).trim() }
}

const api = <T>(path: string) => json<T>(`${runtime.url}/api/${path}tenant_id=acme`)

test('the surface of the page is small, and compiles', async () => {
  assert.ok(page.lines('chat.ts') <= LINES_MAX)
  await page.compile()
})

test('what people type is done, and asked for, and a message that comes twice is done once', async () => {
  assert.deepEqual(await command('desk.add'), { status: 200, text: 'completed: {"count":1}' })
  assert.deepEqual(await command('desk.add'), { status: 200, text: 'completed: {"count":1}' })
  assert.deepEqual(await command('desk.list'), { status: 200, text: '["Order cups"]' })
  assert.equal((await say({ text: 'desk.add {"title": "More"}', message: '9' })).text, 'completed: {"count":2}')
})

test('a channel is one session, whose log tells who asked for what', async () => {
  const elsewhere = await say({ text: 'desk.add {"title": "Elsewhere"}', channel: 'C2', message: '1' })
  assert.equal(elsewhere.text, 'completed: {"count":3}')
  const { items } = await api<{ items: Session[] }>('session?')
  assert.equal(items.length, 2)
  const [, first] = items
  const events = await api<Event[]>(`session/${first?.session_id}/events?`)
  assert.equal(events.filter(({ type }) => type === 'execution.completed').length, 2)
})

test('what takes longer has a handle, says what it waits for, and is decided by somebody', async () => {
  const { text } = await command('desk.ask')
  const EXECUTION = /exe_\w+/.exec(text)?.[0] ?? ''
  assert.equal(text, `waiting, the approval "release". Ask again: status ${EXECUTION}`)
  assert.equal((await command('status', { EXECUTION })).text, text)
  await command('approve', { EXECUTION })
  const ended = await until('the end', async () => {
    const { text: now } = await command('status', { EXECUTION })
    return now.startsWith('completed') && now
  })
  assert.equal(ended, 'completed: {"because":"it is worn out"}')
})

test('a file is stored, and one that breaks off is not', async () => {
  const minutes = 'Cups were ordered.\n'
  await writeFile(join(page.folder, 'minutes.txt'), minutes)
  const { status, text } = await command('minutes.txt')
  const sha256 = createHash('sha256').update(minutes).digest('hex')
  assert.deepEqual(
    [status, JSON.parse(text)],
    [200, { artifact_id: `art_${sha256}`, sha256, size: 19, media_type: 'text/plain' }],
  )
})

test('errors are words for people, and what is not known is left to be tried again', async () => {
  assert.deepEqual(await say({ text: 'desk.sing', message: '20' }), {
    status: 200,
    text: 'There is no desk.sing here.',
  })
  assert.match((await say({ text: 'desk.add {"title": ""}', message: '21' })).text, /^title: /)
  assert.match((await say({ text: 'desk.add {', message: '22' })).text, /JSON/)
  assert.equal((await say({ text: 'desk.add {"title": "x"}' })).text, 'The field message is missing.')
  assert.equal((await say({ text: 'status exe_1' })).status, 200)
  assert.equal((await say({ tenant_id: '!', text: 'desk.list' })).status, 400)
  const { port } = new URL(runtime.url)
  await killNow(runtime)
  const message = { text: 'desk.add {"title": "Later"}', message: '23' }
  assert.equal((await say(message)).status, 503)
  const BIPLANE_CONFIG = join(page.folder, 'runtime.config.ts')
  runtime = await startRuntime(page.folder, { BIPLANE_CONFIG, RUNTIME_PORT: port })
  const { text } = await until('it to be done', async () => {
    const answer = await say(message)
    return answer.status === 200 && answer
  })
  assert.equal(text, 'completed: {"count":4}')
})

test('alone it is all that there is, and beside REST both serve the same', async () => {
  assert.equal((await fetch(`${gateway.url}/v1/session?tenant_id=acme`)).status, 404)
  await using both = await experience()
  const rest = await json<unknown>(`${both.url}/v1/desk/list?tenant_id=acme`)
  const form = new URLSearchParams({ tenant_id: 'acme', text: 'desk.list' })
  const typed = await fetch(`${both.url}/chat`, { method: 'POST', body: form })
  assert.deepEqual(JSON.parse(await typed.text()), rest)
  const { execution } = await json<{ execution: Execution }>(
    `${both.url}/v1/execution/${(await api<{ items: Execution[] }>('execution?')).items[0]?.execution_id}?tenant_id=acme`,
  )
  assert.equal(execution.intent_type, 'desk.add')
})
