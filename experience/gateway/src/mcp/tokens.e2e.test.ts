import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { SignJWT } from 'jose'

import { type House, openHouse } from '../testing/house.ts'
import { httpAgent } from './testing/agent.ts'
import { BENCH_REALM } from './testing/bench-realm.ts'

let house: House
let folder: string
const callers = generateKeyPairSync('ed25519')
const gateways = generateKeyPairSync('ed25519')

/** Callers prove to the gateway who they are, and the gateway proves it to the runtime. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-mcp-'))
  const write = async (name: string, text: string | Buffer) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const auth = await write('callers.pem', callers.publicKey.export({ type: 'spki', format: 'pem' }))
  const serviceKey = await write('gateway.jwk', JSON.stringify(gateways.privateKey.export({ format: 'jwk' })))
  const runtimeAuth = await write('gateway.pem', gateways.publicKey.export({ type: 'spki', format: 'pem' }))
  const experience = { surfaces: ['mcp'] as const, auth, serviceKey }
  house = await openHouse({ realm: BENCH_REALM, runtimeEnv: { BIPLANE_AUTH: runtimeAuth }, experience })
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const tokenOf = (tenant: string) =>
  new SignJWT({ tenant_id: tenant })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject('ada')
    .setAudience('biplane-gateway')
    .setExpirationTime('1m')
    .sign(callers.privateKey)

const agentOf = async (tenant: string) =>
  httpAgent(house.url, '/mcp', undefined, { authorization: `Bearer ${await tokenOf(tenant)}` })

test('a request without a token that holds is refused, and told what it lacks', async () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  for (const authorization of ['', 'Bearer nonsense']) {
    const headers = { accept: 'application/json, text/event-stream', authorization }
    const { status, headers: told } = await house.call('POST', '/mcp?tenant_id=acme', list, headers)
    assert.equal(status, 401)
    assert.match(told.get('www-authenticate') ?? '', /^Bearer/)
  }
})

test("a connection's tenant is that of its token, and its calls are of the token's subject", async () => {
  await using agent = await agentOf('acme')
  const [first] = (await agent.client.listTools()).tools
  assert.ok(!Object.hasOwn(first?.inputSchema.properties ?? {}, 'tenant_id'))
  const { content } = await agent.call('bench_ask')
  const { execution_id, session_id } = content
  await agent.call('execution_approve', { execution_id, name: 'go', approved: true })
  const { content: log } = await agent.call('events_read', { session_id })
  const received = log.events.find(({ type }: { type: string }) => type === 'signal.received')
  assert.deepEqual([log.events[0].data.user_id, received.data.by], ['ada', 'ada'])

  await using rival = await agentOf('rival')
  for (const args of [{ execution_id }, { execution_id, tenant_id: 'acme' }]) {
    const { isError, content: refused } = await rival.call('execution_status', args)
    assert.deepEqual([isError, refused.code], [true, args.tenant_id ? 'session_not_found' : 'execution_not_found'])
  }
})
