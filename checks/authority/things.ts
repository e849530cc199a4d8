// What a tenant has, with its canary in everything that can hold one: payloads, results, state, bytes, names, metadata, reasons,
// errors. All of it is asked for through the gateway, as people do.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'

import { type Ask, type Ears, bearer } from './ask.ts'
import type { House } from './house.ts'

export interface Things {
  tenant: string
  /** A word of this tenant alone. */
  canary: string
  session_id: string
  /** An execution that has completed. */
  execution_id: string
  /** One that waits for an approval. */
  waiting_id: string
  artifact_id: string
  upload_id: string
  /** What the completed execution was submitted with. */
  key: string
  /** The end of the session's log. */
  offset: string
}

const WAITED = { prefer: 'wait=10' }
const TUS = { 'tus-resumable': '1.0.0' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

export async function makeThings(house: House, ears: Ears, tenant: string): Promise<Things> {
  const canary = `canary-${tenant}-${randomBytes(8).toString('hex')}`
  const { gateway } = house
  const own = bearer(gateway.token({ tenant_id: tenant, sub: `person-of-${tenant}` }))
  const call = async (one: Ask) => {
    const heard = await ears.ask(tenant, gateway.url, { ...one, headers: { ...own, ...one.headers } })
    assert.ok(heard.status < 300, `${one.method} ${one.path} of ${tenant}: ${heard.status} ${heard.text}`)
    return heard
  }
  const post = async <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    JSON.parse((await call({ method: 'POST', path, body, headers })).text) as T
  const metadata = { note: canary }
  const { session } = await post<{ session: { session_id: string } }>('/v1/session/create', {
    user_id: canary,
    metadata,
  })
  const { session_id } = session
  const stored = await call({
    method: 'POST',
    path: '/v1/artifact',
    body: canary,
    headers: { 'content-type': 'text/plain' },
  })
  const { artifact_id } = JSON.parse(stored.text) as { artifact_id: string }
  const key = `key-of-${tenant}`
  const about = { session_id, secret: canary }
  const file = { artifact_id, name: `${canary}.csv` }
  const kept = { ...WAITED, 'idempotency-key': key }
  const { execution_id } = await post<{ execution_id: string }>('/v1/vault/keep', { ...about, file }, kept)
  await post('/v1/vault/break', about, WAITED)
  const { execution_id: waiting_id } = await post<{ execution_id: string }>('/v1/vault/hold', about)
  await post(`/v1/execution/${waiting_id}/signal`, { name: canary, payload: { secret: canary }, reason: canary })
  const begun = await call({
    method: 'POST',
    path: '/v1/uploads',
    headers: { ...TUS, 'upload-length': '100', 'upload-metadata': `filename ${base64(`${canary}.csv`)}` },
  })
  const upload_id = /upl_[0-9a-f]{32}/.exec(begun.headers.get('location') ?? '')?.[0] ?? ''
  await call({
    method: 'PATCH',
    path: `/v1/uploads/${upload_id}`,
    headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: canary,
  })
  const log = await call({ method: 'GET', path: `/v1/session/${session_id}/events?offset=-1` })
  const offset = log.headers.get('stream-next-offset') ?? ''
  return { tenant, canary, session_id, execution_id, waiting_id, artifact_id, upload_id, key, offset }
}

/** The same, of nothing: ids that were never given out. */
export const nothingLike = (things: Things): Things => {
  const other = (id: string) => id.slice(0, 4) + id.slice(4).split('').toReversed().join('')
  const { session_id, execution_id, waiting_id, artifact_id, upload_id } = things
  return {
    ...things,
    tenant: 'nobody',
    session_id: other(session_id),
    execution_id: other(execution_id),
    waiting_id: other(waiting_id),
    artifact_id: other(artifact_id),
    upload_id: other(upload_id),
  }
}

/** A text in which ids of these things, and those minted for the request, are not told apart from others. */
export function without(
  text: string,
  { session_id, execution_id, waiting_id, artifact_id, upload_id, tenant }: Things,
): string {
  const ids = [session_id, execution_id, waiting_id, artifact_id, upload_id]
  const plain = ids.reduce((rest, id) => rest.replaceAll(id, `<${id.slice(0, 3)}>`), text)
  return plain.replaceAll(new RegExp(`\\b${tenant}\\b`, 'g'), '<tenant>').replaceAll(/(req|int)_[\w-]+/g, '<request>')
}
