// docs/rest.md is true: its commands are answered as it says, and its modules compile and run.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { TRIAL_REALM } from '@biplane/client/testing'
import type { EndedIntent } from '@biplane/protocol'

import { TSC } from './compiler.ts'
import { fencesOf } from './markdown.ts'
import { type Plane, startGateway, startRuntime, stop } from './planes.ts'
import { ROOT } from './repository.ts'

const run = promisify(execFile)
/** What the gateway's own tests have. */
const OF_GATEWAY = createRequire(join(ROOT, 'experience/gateway/package.json'))
const ORDERS = 'id\n1\n'
let folder: string
let runtime: Plane
let gateway: Plane
let page: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-rest-guide-'))
  page = await readFile(join(ROOT, 'docs/rest.md'), 'utf8')
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const config = { extends: join(ROOT, 'tsconfig.json'), include: ['generated.ts', 'send-large.ts'] }
  const files = {
    'package.json': '{"type": "module"}',
    'tsconfig.json': JSON.stringify(config),
    'realm.ts': TRIAL_REALM,
    'runtime.config.ts': "export default { realms: ['./realm.ts'] }\n",
    'orders.csv': ORDERS,
    ...Object.fromEntries(fencesOf(page, 'ts').map((text) => [/^\/\/ (\S+)\n/.exec(text)?.[1] ?? '', text])),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(folder, 'runtime.config.ts') })
  gateway = await startGateway(runtime.url, { BIPLANE_UPLOADS: join(folder, 'uploads') })
})
after(async () => {
  await stop(gateway)
  await stop(runtime)
  await rm(folder, { recursive: true })
})

interface Answer {
  status: number
  headers: Headers
  body: Partial<EndedIntent>
}

/** Does each command of the page that has these words, in order. */
async function commands(words: string): Promise<Answer[]> {
  const lines = fencesOf(page, 'sh').flatMap((block) => block.trim().split('\n'))
  const meant = lines.filter((line) => line.includes(words))
  assert.ok(meant.length > 0, `The page has no command with ${words}.`)
  const answers: Answer[] = []
  for (const line of meant) answers.push(await curl(line.replaceAll('$GATEWAY', gateway.url)))
  return answers
}

/** As curl would. */
async function curl(line: string): Promise<Answer> {
  const [, ...parts] = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  )
  const headers = new Headers()
  const form = new FormData()
  let url = ''
  let body: string | Blob | FormData | undefined
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (!part.startsWith('-')) url = part
    else if (part === '-H') headers.set(...pairOf(parts.shift(), ': '))
    else if (part === '--json') {
      headers.set('content-type', 'application/json')
      body = parts.shift()
    } else if (part === '--data-binary') body = await fileOf(parts.shift()?.slice(1))
    else if (part === '-F') {
      const [name, value] = pairOf(parts.shift(), '=')
      if (value.startsWith('@')) form.append(name, await fileOf(value.slice(1)), value.slice(1))
      else form.append(name, value)
      body = form
    } else if (part !== '-i') throw new Error(`What is ${part}? ${line}`)
  }
  const response = await fetch(url, { headers, ...(body === undefined ? {} : { method: 'POST', body }) })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Partial<EndedIntent> }
}

const fileOf = async (name = ''): Promise<Blob> => new Blob([await readFile(join(folder, name))])

function pairOf(text = '', between: string): [name: string, value: string] {
  const at = text.indexOf(between)
  return [text.slice(0, at), text.slice(at + between.length)]
}

test('an intent is accepted or waited for, a query is answered, and a list has its links', async () => {
  const [accepted, waited] = await commands('/v1/trial-bench/count')
  assert.equal(accepted?.status, 202)
  assert.equal(accepted.headers.get('location'), `/v1/execution/${accepted.body.execution_id}`)
  assert.deepEqual([waited?.status, waited?.body.result], [200, { counted: 3 }])
  const [, again] = await commands('/v1/trial-bench/count')
  assert.deepEqual(again?.body, waited?.body)
  const [echoed] = await commands('/v1/trial-bench/echo')
  assert.deepEqual(echoed?.body, { text: 'hello', tags: ['a', 'b'] })
  const [listed] = await commands('/v1/execution?')
  assert.match(listed?.headers.get('link') ?? '', /rel="first", <.*after=.*>; rel="next"/)
})

test('a file is taken in each of the three ways', async () => {
  const answers = await commands('/v1/trial-bench/keep')
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 202, 202],
  )
  assert.deepEqual(answers[0]?.body.result, {
    name: 'orders.csv',
    size: ORDERS.length,
    label: 'march',
    copies: null,
    tags: [],
  })
})

test('the modules compile against what is generated from the document, and run', async () => {
  const generator = join(dirname(OF_GATEWAY.resolve('openapi-typescript')), '../bin/cli.js')
  await run(process.execPath, [generator, `${gateway.url}/openapi.json`, '-o', join(folder, 'api.ts')], { cwd: folder })
  const compiled = run(process.execPath, [...TSC, '-p', folder])
  await compiled.catch((error: unknown) => assert.fail((error as { stdout: string }).stdout))
  const env = { ...process.env, GATEWAY: gateway.url }
  const runs = ['generated.ts', 'send-large.ts'].map((name) => run(process.execPath, [name], { cwd: folder, env }))
  const [generated, sent] = await Promise.all(runs)
  assert.equal(generated?.stdout, '3\n')
  const { status, result } = JSON.parse(sent?.stdout ?? '') as EndedIntent
  assert.equal(status, 'completed')
  assert.deepEqual(result, { name: 'orders.csv', size: ORDERS.length, label: null, copies: null, tags: [] })
})
