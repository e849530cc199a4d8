// The packages as somebody has them who installs them: outside the repository, from the tarballs, without its sources.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'

import { TSC } from '../compiler.ts'
import { fencesOf } from '../markdown.ts'
import type { Manifest } from '../repository.ts'
import type { Scratch } from '../scratch.ts'
import { startPlane } from '../started-plane.ts'
import { packAll } from './pack-all.ts'
import { installProject, runIn } from './trial/installed-project.ts'

const REALM_LINES_MAX = 12
/** What a page loads before it can do anything, gzipped. */
const CLIENT_BYTES_MAX = 15 * 1024
const TRIAL = join(import.meta.dirname, 'trial')

/** Both planes in one process: each is a library. */
const START = `
import { createExperience } from '@biplane/gateway'
import { createRuntime } from '@biplane/runtime'

import hello from './hello.ts'

const runtime = await createRuntime({ realms: [hello], dataFolder: 'data' })
const port = Number(process.env['GATEWAY_PORT'])
const experience = await createExperience({ runtimeUrl: runtime.url, surfaces: ['rest'], port })
console.log(\`Both planes are at \${await experience.listen()}\`)
`

/** As strict as the compiler gets, and the declarations of packages are not taken on trust. */
const TSCONFIG = {
  compilerOptions: {
    target: 'esnext',
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: false,
  },
}

let tarballs: Map<string, string>
/** Has every package. */
let project: Scratch
/** Has Express and the client. */
let app: Scratch

before(async () => {
  tarballs = await packAll()
  project = await installProject([...tarballs.keys(), 'zod', '@types/node'], tarballs)
  app = await installProject(['@biplane/client', '@biplane/protocol', 'express'], tarballs)
  project.write('hello.ts', readFileSync(join(TRIAL, 'hello-realm.ts'), 'utf8'))
  project.write('start.ts', START)
  app.write('app.ts', readFileSync(join(TRIAL, 'express-app.ts'), 'utf8'))
})

after(() => {
  project[Symbol.dispose]()
  app[Symbol.dispose]()
})

const installed = (name: string, file: string) => join(project.path, 'node_modules', name, file)
const manifestOf = (name: string) => JSON.parse(readFileSync(installed(name, 'package.json'), 'utf8')) as Manifest

test('the client is one small file for a page, without schemas', () => {
  const bytes = gzipSync(readFileSync(installed('@biplane/client', 'dist/browser.js'))).byteLength
  assert.ok(bytes <= CLIENT_BYTES_MAX, `${bytes} bytes`)
})

test('a realm of twelve lines runs on installed packages, and an Express app follows it over a kill -9 of both planes', async () => {
  const lines = readFileSync(join(project.path, 'hello.ts'), 'utf8').trimEnd().split('\n')
  assert.ok(lines.length <= REALM_LINES_MAX)
  assert.deepEqual(readdirSync(join(app.path, 'node_modules/@biplane')), ['client', 'protocol'])

  await using first = await startPlane(project.path, 'start.ts', { GATEWAY_PORT: '0' })
  await using express = await startPlane(app.path, 'app.ts', { BIPLANE_URL: first.url })
  const { body } = await fetch(`${express.url}/hello/Ada`)
  assert.ok(body)
  const told = body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]()
  const heard = await hear(told, (text) => text.includes('execution.waiting'))
  await first.kill()
  await using second = await startPlane(project.path, 'start.ts', { GATEWAY_PORT: new URL(first.url).port })
  assert.equal(second.url, first.url)
  const all = heard + (await hear(told, () => false))

  assert.doesNotMatch(heard, /execution\.completed/)
  assert.equal(all.split('\n').at(-1), `Hello Ada, from process ${first.pid}`)
  const events = all.split('\n').slice(0, -1)
  assert.equal(events.filter((type) => type === 'step.completed').length, 1)
  assert.equal(events.at(-1), 'execution.completed')
})

/** What comes until it is enough, or to the end. */
async function hear(told: AsyncIterator<string>, isEnough: (text: string) => boolean): Promise<string> {
  let text = ''
  while (!isEnough(text)) {
    const { done, value } = await told.next()
    if (done === true) break
    text += value
  }
  return text
}

test('each export and each example of a README compiles for whoever installs it, with nothing taken on trust', async () => {
  const entries = [...tarballs.keys()].flatMap((name) =>
    Object.keys(manifestOf(name).exports ?? {})
      .filter((subpath) => subpath !== './package.json')
      .map((subpath) => `${name}${subpath.slice(1)}`),
  )
  assert.ok(entries.length >= tarballs.size)
  project.write('entries.ts', entries.map((entry, i) => `export * as entry${i} from '${entry}'`).join('\n'))
  for (const name of tarballs.keys()) {
    const examples = fencesOf(readFileSync(installed(name, 'README.md'), 'utf8'), 'ts')
    for (const [i, text] of examples.entries()) project.write(`example-${name.replace(/.*\//, '')}-${i}.ts`, text)
  }
  project.write('tsconfig.json', JSON.stringify(TSCONFIG))
  assert.equal(await runIn(project, process.execPath, [...TSC, '-p', '.']), '')
})

test('each export can be imported', async () => {
  await runIn(project, process.execPath, ['entries.ts'])
})

for (const command of ['biplane', 'biplane-runtime']) {
  test(`npx ${command} --help tells how it is used`, async () => {
    assert.ok((await runIn(project, 'npx', ['--no-install', command, '--help'])).includes(`Usage: ${command}`))
  })
}

test('a package has no sources and no tests, asks for Node 24, and brings no Node of its own', () => {
  for (const name of tarballs.keys()) {
    const { engines, dependencies, devDependencies } = manifestOf(name)
    assert.deepEqual(engines, { node: '>=24' })
    assert.equal(devDependencies, undefined)
    assert.ok(!('node' in (dependencies ?? {})))
    const files = readdirSync(installed(name, '.'), { recursive: true, encoding: 'utf8' })
    assert.ok(files.includes('LICENSE'))
    assert.deepEqual(
      files.filter((file) => /(?<!\.d)\.ts$|\.test\.|\/testing\/|\/test-/.test(file)),
      [],
    )
  }
  assert.ok(!existsSync(join(project.path, 'node_modules/node')))
})
