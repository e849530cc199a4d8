// `biplane new realm` and `biplane dev` as a person meets them in a project of their own: from an empty folder to a call.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'

import { ROOT, runProcess, startProcess, until } from '@biplane/client/testing'

const main = 'experience/cli/src/main.ts'
const env = { RUNTIME_PORT: '0', GATEWAY_PORT: '0', NO_COLOR: '1' }

/** Below the root of the repository, where git does not look and its packages are found. */
async function makeProject(t: TestContext): Promise<string> {
  await mkdir(join(ROOT, '.biplane'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.biplane/project-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const shell = async (command: string): Promise<string> => (await promisify(execFile)('sh', ['-c', command])).stdout

test('from an empty folder to a call: what is printed works as it stands, also after a change', async (t) => {
  const cwd = await makeProject(t)
  const made = await runProcess({ main, args: ['new', 'realm', 'hello'], cwd })
  assert.equal(made.code, 0, made.printed)
  for (const file of ['realms/hello/hello.ts', 'realms/hello/hello.test.ts', 'experience.config.ts']) {
    await access(join(cwd, file))
  }

  await using dev = await startProcess({ main, args: ['dev'], cwd, env })
  const printed = (line: RegExp) => until(String(line), () => line.exec(dev.printed())?.[0])
  const accepted = JSON.parse(await shell(await printed(/curl .*\/v1\/hello\/greet\?.*/))) as { status: string }
  assert.equal(accepted.status, 'accepted')
  const [, ...args] = (await printed(/biplane hello greet .*/)).replaceAll("'", '').split(' ')
  const greeted = await runProcess({ main, args, cwd })
  assert.match(greeted.printed, /✔ compose[^]*completed in[^]*text +Hello, Ada!\ntimes +2/)

  const file = join(cwd, 'realms/hello/hello.ts')
  await writeFile(file, (await readFile(file, 'utf8')).replace("query('hello.greetings'", "query('hello.count'"))
  assert.deepEqual(JSON.parse(await shell(await printed(/curl .*\/v1\/hello\/count\?.*/))), { times: 2 })
  assert.equal(await dev.end('SIGINT'), 0)
  const [runtime = '', gateway = ''] = dev.printed().match(/http:\/\/[\d.:]+/g) ?? []
  for (const url of [runtime, gateway]) await assert.rejects(fetch(url), /fetch failed/)
})

test('a refusal of the runtime is passed on, and nothing is written', async (t) => {
  const cwd = await makeProject(t)
  const { code, printed } = await runProcess({ main, args: ['new', 'realm', 'Hello'], cwd })
  assert.deepEqual([code, printed.includes('Take hello.')], [2, true])
  await assert.rejects(access(join(cwd, 'experience.config.ts')))
})

test('without the packages it says what to install', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'biplane-none-'))
  t.after(() => rm(cwd, { recursive: true }))
  for (const args of [['dev'], ['new', 'realm', 'hello']]) {
    const { code, printed } = await runProcess({ main, args, cwd })
    assert.equal(code, 2)
    assert.match(printed, /npm install @biplane\/runtime/)
  }
})

test('without a configuration, dev says how to begin', async (t) => {
  const cwd = await makeProject(t)
  const { code, printed } = await runProcess({ main, args: ['dev'], cwd, env })
  assert.equal(code, 2)
  assert.match(printed, /npx biplane new realm hello/)
})

test('a payload that is not JSON is refused before anything is sent', async () => {
  for (const payload of ['{name: Ada}', '[]']) {
    const { code, printed } = await runProcess({ main, args: ['submit', 'hello.greet', payload] })
    assert.equal(code, 2)
    assert.match(printed, /JSON|must be an object/)
  }
})
