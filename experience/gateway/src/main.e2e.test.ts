import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { createClient } from '@biplane/client'
import {
  ROOT,
  type RuntimeProcess,
  TRIAL_REALM,
  runProcess,
  startProcess,
  startRuntime,
  until,
} from '@biplane/client/testing'

let runtime: RuntimeProcess
const main = 'experience/gateway/src/main.ts'

before(async () => {
  runtime = await startRuntime(TRIAL_REALM)
})
after(() => runtime[Symbol.asyncDispose]())

const startGateway = (env: Record<string, string> = {}, args: string[] = []) =>
  startProcess({ main, args, env: { RUNTIME_URL: runtime.url, GATEWAY_PORT: '0', ...env } })

/** The answer of each surface to one who asks for the capabilities. */
const ASKING: Record<string, (url: string) => Promise<string>> = {
  rest: async (url) => (await fetch(`${url}/v1/capabilities`)).text(),
  async mcp(url) {
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
    return (await fetch(`${url}/mcp`, { method: 'POST', headers, body })).text()
  },
  async websocket(url) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`)
    await once(socket, 'open')
    const answered = once(socket, 'message')
    socket.send('{"type":"list_capabilities","id":"one"}')
    const [{ data }] = (await answered) as [MessageEvent]
    socket.close()
    return data
  },
}

for (const [surface, ask] of Object.entries(ASKING)) {
  test(`with ${surface} alone it says where it is, serves that and no other, and ends with 0 when asked to`, async () => {
    const gateway = await startGateway({}, ['--only', surface])
    assert.equal(gateway.printed(), `Biplane experience on ${gateway.url}\n`)
    const health = await fetch(`${gateway.url}/health`)
    assert.deepEqual(await health.json(), { status: 'ok' })
    assert.match(await ask(gateway.url), /trial_bench[._]count/)
    const served = ['/openapi.json', '/asyncapi.json', '/mcp'].map(
      async (path) => (await fetch(gateway.url + path)).status,
    )
    const [rest, websocket, mcp] = (await Promise.all(served)).map((status) => status !== 404)
    assert.deepEqual({ rest, websocket, mcp }[surface], true)
    assert.equal([rest, websocket, mcp].filter(Boolean).length, 1)
    assert.equal(await gateway.end('SIGTERM'), 0)
  })
}

test('with a channel it reports its address there, and ends when the channel does', async () => {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, RUNTIME_URL: runtime.url, GATEWAY_PORT: '0' }
  const child = spawn(process.execPath, [ROOT + main], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [{ type, url }] = (await once(child, 'message')) as [{ type: string; url: string }]
  assert.equal(type, 'listening')
  assert.equal((await fetch(`${url}/ready`)).status, 200)
  child.disconnect()
  assert.deepEqual(await exited, [0, null])
})

test('what a person must mend ends it with 2 and says what', async () => {
  const taken = new URL(runtime.url).port
  const publicKey = `${runtime.folder}/public.pem`
  const wrongSurface = `${runtime.folder}/experience.config.ts`
  await writeFile(publicKey, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(wrongSurface, "export default { surfaces: ['pigeon'] }\n")
  const cases: [env: Record<string, string>, args: string[], says: RegExp][] = [
    [{ GATEWAY_PORT: taken }, [], new RegExp(`Port ${taken} is taken\\. Set GATEWAY_PORT`)],
    [{ GATEWAY_PORT: 'http' }, [], /GATEWAY_PORT=http is not a port/],
    [{ GATEWAY_HOST: '0.0.0.0' }, [], /Set BIPLANE_AUTH/],
    [{ GATEWAY_HOST: '127.0.0.999' }, [], /127\.0\.0\.999/],
    [{ RUNTIME_URL: 'runtime:8000' }, [], /RUNTIME_URL=runtime:8000 is not an address/],
    [{ BIPLANE_AUTH: '/nowhere.pem' }, [], /BIPLANE_AUTH=\/nowhere\.pem cannot be used/],
    [{ BIPLANE_SERVICE_KEY: publicKey }, [], /BIPLANE_SERVICE_KEY=.* cannot be used/],
    [{ BIPLANE_LOG: 'loud' }, [], /BIPLANE_LOG=loud is not a level/],
    [{}, ['--only', 'pigeon'], /--only pigeon: the configuration has rest/],
    [{}, ['--config', '/nowhere.ts'], /Could not load the configuration \/nowhere\.ts/],
    [{}, ['--config', wrongSurface], /no surface "pigeon"/],
    [{}, ['--colour'], /--colour/],
  ]
  const ended = cases.map(async ([env, args, says]) => {
    const { code, printed } = await runProcess({ main, args, env: { GATEWAY_PORT: '0', ...env } })
    assert.equal(code, 2, printed)
    assert.match(printed, says)
    assert.doesNotMatch(printed, / {4}at /, 'no stack')
  })
  await Promise.all(ended)
})

test('it starts while the runtime is away, and serves when the runtime has come', async () => {
  await runtime.kill()
  await using gateway = await startGateway({ BIPLANE_LOG: 'error' })
  assert.equal((await fetch(`${gateway.url}/health`)).status, 503)
  await runtime.start()
  await until('the catalogue', async () => (await fetch(`${gateway.url}/health`)).status === 200)
})

test('a follower outlives a gateway that is killed, and neither misses nor repeats an event', async () => {
  let gateway = await startGateway()
  const port = new URL(gateway.url).port
  const client = createClient({ url: `${gateway.url}/v1`, tenantId: 'acme' })
  const { session_id } = await client.createSession()
  await client.submit({ type: 'trial_bench.count', sessionId: session_id, payload: { to: 150 } })
  const seqs: number[] = []
  for await (const { event } of client.follow(session_id)) {
    seqs.push(event.seq)
    if (event.seq % 100 === 0) {
      await gateway.end('SIGKILL')
      gateway = await startGateway({ GATEWAY_PORT: port })
    }
    if (event.type === 'execution.completed') await client.closeSession(session_id)
  }
  await gateway.end('SIGTERM')
  assert.ok(seqs.length > 300)
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  )
})
