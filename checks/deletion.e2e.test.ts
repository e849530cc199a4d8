// The deletion tests: what is left when one plane is taken away installs from its own declarations, compiles, starts and answers.
// Installs are npm's own, from the lock file, because the repository's hoisted one hides what a package forgot to declare.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

import { AcceptedIntent, ExecutionStatus, Session, StoredArtifact, isFinal } from '@biplane/protocol'

import { npmInstall } from './npm-install.ts'
import { ROOT, isModule, isProcessTest, isTest, listFiles, readManifest } from './repository.ts'
import { makeScratch } from './scratch.ts'
import type { Scratch } from './scratch.ts'
import { startPlane } from './started-plane.ts'

const POLL_MS = 50
const COMPLETED_MAX_MS = 30_000
const TENANT = 'acme'

/** A copy of the repository with some of its workspaces, and what its root needs to install and compile. */
async function houseOf(workspaces: readonly string[]): Promise<Scratch> {
  const house = makeScratch()
  const ofRoot = [
    'package-lock.json',
    'tsconfig.json',
    '.npmrc',
    ...(workspaces.includes('runtime') ? ['runtime.config.ts'] : []),
  ]
  const kept = listFiles(ROOT).filter(
    (file) => ofRoot.includes(file) || workspaces.some((folder) => file.startsWith(`${folder}/`)),
  )
  house.copy(ROOT, kept)
  const tools = Object.entries(readManifest(ROOT, '.').devDependencies ?? {}).filter(
    ([name]) => name === 'typescript' || name.startsWith('@types/'),
  )
  const manifest = {
    name: 'house',
    private: true,
    type: 'module',
    workspaces,
    devDependencies: Object.fromEntries(tools),
  }
  house.write('package.json', JSON.stringify(manifest))
  // Node itself is here already, so its install script may rest.
  await npmInstall(house.path, ['--ignore-scripts'])
  return house
}

/** @throws Error with all that the program printed */
async function run(house: Scratch, program: string, args: readonly string[]): Promise<void> {
  // Unset, or a test runner inside this one would report to it and not to us.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  await promisify(execFile)(program, args, { cwd: house.path, env }).catch((cause: unknown) => {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause })
  })
}

const compile = (house: Scratch) =>
  run(house, process.execPath, [join(house.path, 'node_modules/typescript/bin/tsc'), '--singleThreaded', '-p', '.'])

async function call(url: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const options = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const response = await fetch(url, options)
  return { status: response.status, answer: await response.json() }
}

async function untilFinal(url: string): Promise<string> {
  const deadline = Date.now() + COMPLETED_MAX_MS
  for (;;) {
    const { status } = ExecutionStatus.parse((await call(url)).answer)
    if (isFinal(status)) return status
    assert.ok(Date.now() < deadline, `still ${status} after ${COMPLETED_MAX_MS} ms`)
    await delay(POLL_MS)
  }
}

test('the runtime lives without the Experience Plane: it installs, compiles, starts and completes an intent', async () => {
  using house = await houseOf(['protocol', 'realm', 'realms/content', 'realms/data-mash', 'realms/tables', 'runtime'])
  await compile(house)
  await using runtime = await startPlane(house.path, 'runtime/src/main.ts', {
    RUNTIME_PORT: '0',
    BIPLANE_DATA: join(house.path, 'data'),
  })
  const api = `${runtime.url}/api`
  assert.equal((await call(`${runtime.url}/health`)).status, 200)

  const upload = await fetch(`${api}/artifact?tenant_id=${TENANT}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: 'id,name\n1,Ada\n2,Grace\n',
  })
  assert.equal(upload.status, 201)
  const { artifact_id } = StoredArtifact.parse(await upload.json())
  const created = await call(`${api}/session/create`, { tenant_id: TENANT })
  const { session_id } = Session.parse((created.answer as { session: unknown }).session)
  const { status, answer } = await call(`${api}/intent/submit`, {
    intent_type: 'content.upload',
    realm: 'content',
    session_id,
    tenant_id: TENANT,
    payload: { file: { artifact_id, name: 'people.csv' } },
  })
  assert.equal(status, 202)
  const { execution_id } = AcceptedIntent.parse(answer)
  assert.equal(await untilFinal(`${api}/execution/${execution_id}/status?tenant_id=${TENANT}`), 'completed')
  assert.equal((await call(`${runtime.url}/v1/content/upload`, {})).status, 404)
})

test('an experience lives with the protocol and the client alone: it installs, compiles, passes its tests and starts', async () => {
  using house = await houseOf(['protocol', 'client', 'experience/gateway'])
  await compile(house)
  const quick = listFiles(house.path).filter((file) => isModule(file) && isTest(file) && !isProcessTest(file))
  assert.ok(quick.length > 0)
  await run(house, process.execPath, ['--test', '--test-isolation=none', ...quick])

  const nobody = 'http://127.0.0.1:9'
  await using gateway = await startPlane(house.path, 'experience/gateway/src/main.ts', {
    GATEWAY_PORT: '0',
    RUNTIME_URL: nobody,
  })
  const { status } = await call(`${gateway.url}/health`)
  assert.equal(status, 503, 'it runs, and says that it has no runtime yet')
})
