// Both planes, and things of a tenant that the requests name, so that they reach further than "not found".

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { type Ask, ask, bearer } from '../authority/ask.ts'
import { type House, openHouse } from '../authority/house.ts'
import type { Known } from './from-schema.ts'
import { TO_CLOSE } from './request.ts'

export const TENANT = 'acme'
const CONFIG = 'checks/fuzz/runtime.config.ts'
/** Longer than any fuzzing lasts. */
const LIFE_S = 3_600
const WAITING = 20
const KEYS = 50

export interface Stage extends AsyncDisposable {
  house: House
  known: Known
  tokens: Record<'runtime' | 'gateway', string>
}

export async function openStage(): Promise<Stage> {
  const house = await openHouse({ config: CONFIG, tenant: TENANT })
  const claims = { tenant_id: TENANT, exp: Math.floor(Date.now() / 1000) + LIFE_S }
  const tokens = { runtime: house.runtime.token(claims), gateway: house.gateway.token(claims) }
  const known = await makeKnown(house, tokens.gateway)
  return { house, tokens, known, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

async function makeKnown({ gateway, keys }: House, token: string): Promise<Known> {
  const call = async (one: Ask) => {
    const heard = await ask(gateway.url, { ...one, headers: { ...bearer(token), ...one.headers } })
    assert.ok(heard.status < 300, `${one.path}: ${heard.text}`)
    return heard
  }
  const post = async (path: string, body: object, headers = {}) =>
    JSON.parse((await call({ method: 'POST', path: `/v1${path}`, body, headers })).text) as Record<string, string>
  const newSession = async () => {
    const { text } = await call({ method: 'POST', path: '/v1/session/create', body: {} })
    return (JSON.parse(text) as { session: { session_id: string } }).session.session_id
  }
  const sessions = [await newSession(), await newSession(), await newSession()]
  const [session_id = ''] = sessions
  const waited = { prefer: 'wait=10' }
  const shape = { session_id, text: 'a', count: 1, list: [] }
  const ended = [
    await post('/echo/state', { session_id, key: 'kept', value: 1 }, waited),
    await post('/echo/state', { session_id, key: 'some/key', value: 2, ofTenant: true }, waited),
    await post('/echo/shapes', { ...shape, kind: 'one' }, waited),
    await post('/echo/shapes', { ...shape, kind: 'two' }, waited),
  ]
  const waiting = []
  for (let index = 0; index < WAITING; index++) waiting.push(await post('/echo/ask', { session_id, title: 'go on' }))
  const artifact = await call({ method: 'POST', path: '/v1/artifact', body: 'a,b\n1,2\n' })
  const begun = await call({
    method: 'POST',
    path: '/v1/uploads',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000' },
  })
  return {
    session_id: sessions,
    [TO_CLOSE]: [await newSession()],
    tenant_id: [TENANT],
    execution_id: [...ended, ...waiting].map(({ execution_id = '' }) => execution_id),
    intent_id: Array.from({ length: KEYS }, (_, index) => mintedLike(index)),
    artifact_id: [(JSON.parse(artifact.text) as { artifact_id: string }).artifact_id],
    upload_id: [/upl_[0-9a-f]{32}/.exec(begun.headers.get('location') ?? '')?.[0] ?? ''],
    'idempotency-key': Array.from({ length: KEYS }, (_, index) => `key ${index}`),
    idempotency_key: Array.from({ length: KEYS }, (_, index) => `key-${index}`),
    id: ['1', 'two', '~'],
    name: ['go', 'word', 'a.csv'],
    key: ['kept', 'some/key'],
    realm: ['echo'],
    intent_type: ['echo.anything', 'echo.state', 'echo.shapes', 'echo.ask'],
    query_type: ['echo.back', 'echo.flat'],
    token: [token, keys.apiKey],
    prefer: ['wait=1', 'wait=0'],
  }
}

const ID_CHARS = 26
const mintedLike = (index: number): string =>
  `int_${createHash('sha256').update(String(index)).digest('hex').slice(0, ID_CHARS)}`
