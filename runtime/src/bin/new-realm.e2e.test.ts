// `biplane-runtime new realm` in projects as they are met: empty ones, ones with a configuration of their own, unreadable ones.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT, TestProject } from './test-project.ts'

const FILES = ['realms/hello/hello.test.ts', 'realms/hello/hello.ts', 'runtime.config.ts']
const OWN_CONFIG = `// Ours.
import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({
  origins: ['https://example.com'],
  realms: [
    './realms/first/first.ts', // the oldest
  ],
})
`

test('a new realm is there with its test and its line in the configuration, and all of it loads', async () => {
  await using project = await TestProject.make()
  const { code, said } = await project.biplaneRuntime('new', 'realm', 'hello')
  assert.equal(code, 0, said)
  for (const part of [...FILES, 'node --test realms/hello/hello.test.ts', 'npx biplane dev']) {
    assert.ok(said.includes(part), said)
  }
  assert.deepEqual(await project.list(), FILES)
  assert.match(await project.read('runtime.config.ts'), /realms: \['\.\/realms\/hello\/hello\.ts'\]/)
  assert.deepEqual(await project.biplaneRuntime('load'), { code: 0, said: 'The configuration and its realms load.\n' })
})

test('what it writes is as strict as this repository, and the test it writes passes', async () => {
  await using project = await TestProject.make()
  await project.biplaneRuntime('new', 'realm', 'hello_world')
  await project.write(
    'tsconfig.json',
    JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: ['**/*.ts'], exclude: [] }),
  )
  const compiled = await project.node(join(ROOT, 'node_modules/typescript/bin/tsc'), '--singleThreaded', '-p', '.')
  assert.deepEqual(compiled, { code: 0, said: '' })
  const tested = await project.node('--test', 'realms/hello-world/hello-world.test.ts')
  assert.equal(tested.code, 0, tested.said)
})

test('a configuration of its own gets one line, and keeps every other character', async () => {
  await using project = await TestProject.make({ 'runtime.config.ts': OWN_CONFIG.replace(/^ {4}.*\n/m, '') })
  for (const name of ['first', 'hello']) {
    const { code, said } = await project.biplaneRuntime('new', 'realm', name)
    assert.equal(code, 0, said)
    if (name === 'first') await project.write('runtime.config.ts', OWN_CONFIG)
  }
  const expected = OWN_CONFIG.replace('// the oldest\n', "// the oldest\n    './realms/hello/hello.ts',\n")
  assert.equal(await project.read('runtime.config.ts'), expected)
})

test('a name that is taken is refused, and nothing changes', async () => {
  await using project = await TestProject.make({
    'runtime.config.ts': "export default { realms: ['./elsewhere.ts'] }\n",
    'elsewhere.ts': "export default { name: 'taken', version: '1', capabilities: [] }\n",
  })
  assert.equal((await project.biplaneRuntime('new', 'realm', 'hello')).code, 0)
  const files = await project.list()
  const texts = await Promise.all(files.map((file) => project.read(file)))
  for (const [name, why] of [
    ['hello', /There is realms\/hello already\. Choose another name/],
    ['taken', /names a realm taken already/],
  ] as const) {
    const { code, said } = await project.biplaneRuntime('new', 'realm', name)
    assert.equal(code, 2)
    assert.match(said, why)
  }
  assert.deepEqual(await project.list(), files)
  assert.deepEqual(await Promise.all(files.map((file) => project.read(file))), texts)
})

test('a name that no realm can have is refused with a better one, and nothing is written', async () => {
  await using project = await TestProject.make()
  for (const [name, advice] of [
    ['DataMash', 'Take data_mash.'],
    ['data-mash', 'Take data_mash.'],
    ['7up', 'Take up.'],
    ['session', 'Take another, such as my_session.'],
    ['x'.repeat(31), 'Take a shorter one.'],
  ] as const) {
    const { code, said } = await project.biplaneRuntime('new', 'realm', name)
    assert.equal(code, 2)
    assert.ok(said.includes(advice), said)
  }
  assert.deepEqual(await project.list(), [])
})

test('a configuration that computes its list is left alone, and the line to add is said', async () => {
  const text = 'const realms: string[] = []\nexport default { realms }\n'
  await using project = await TestProject.make({ 'runtime.config.ts': text })
  const { code, said } = await project.biplaneRuntime('new', 'realm', 'hello')
  assert.equal(code, 2)
  assert.match(said, /runtime\.config\.ts is not changed[^]*Add this line to it:\s+'\.\/realms\/hello\/hello\.ts',/)
  assert.deepEqual(await project.list(), FILES)
  assert.equal(await project.read('runtime.config.ts'), text)
})

test('a configuration that does not load is said to be wrong, and nothing is written', async () => {
  await using project = await TestProject.make({ 'runtime.config.ts': "export default { realms: ['./none.ts'] }\n" })
  const { code, said } = await project.biplaneRuntime('new', 'realm', 'hello')
  assert.equal(code, 2)
  assert.match(said, /names the realm \.\/none\.ts, which cannot be found/)
  assert.deepEqual(await project.list(), ['runtime.config.ts'])
})
