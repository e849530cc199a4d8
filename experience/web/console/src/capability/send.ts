// What a form holds, sent: files are stored first and named in the payload.

import type { Client } from '@biplane/client'
import type { Capability } from '@biplane/protocol'

import { isSchema } from './schema.ts'

export type Sent =
  | { kind: 'intent'; executionId: string; sessionId: string }
  | { kind: 'query'; answer: unknown; tookMs: number }

export interface Sending {
  capability: Capability
  /** May have Files in it. */
  payload: unknown
  /** Empty: one is made. */
  sessionId: string
  /** Made with the form, so that what is sent twice is done once. */
  key: string
}

export async function send(
  client: Client,
  { capability: { kind, type }, payload, sessionId, key }: Sending,
): Promise<Sent> {
  const stored = await withStoredFiles(client, payload)
  const session = sessionId.trim() === '' ? {} : { sessionId: sessionId.trim() }
  if (kind === 'intent') {
    const { execution_id, session_id } = await client.submit({ type, payload: stored, ...session, idempotencyKey: key })
    return { kind, executionId: execution_id, sessionId: session_id }
  }
  const beganMs = performance.now()
  const answer = await client.query({ type, payload: stored, ...session })
  return { kind, answer, tookMs: performance.now() - beganMs }
}

async function withStoredFiles(client: Client, value: unknown): Promise<unknown> {
  if (value instanceof File) {
    const { artifact_id } = await client.putArtifact(value)
    return { artifact_id, name: value.name }
  }
  if (Array.isArray(value)) return Promise.all(value.map((one) => withStoredFiles(client, one)))
  if (!isSchema(value)) return value
  const entries = await Promise.all(
    Object.entries(value).map(async ([name, one]) => [name, await withStoredFiles(client, one)] as const),
  )
  return Object.fromEntries(entries)
}
