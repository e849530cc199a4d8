// The payload of an intent or a query, as it is typed or read from a file.

import { createReadStream } from 'node:fs'

import { MAX_BODY_BYTES } from '@biplane/protocol'
import { type Command, InvalidArgumentError } from 'commander'

import { CannotRun } from '../cannot-run.ts'

/** @throws InvalidArgumentError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message}. In a shell, put it in single quotes.`)
  }
}

/** @throws InvalidArgumentError */
export function parsePayload(text: string): object {
  const value = parseJson(text)
  if (isFields(value)) return value
  throw new InvalidArgumentError('It must be an object: \'{"name": "Ada"}\'.')
}

export const addPayloadOption = (command: Command): Command =>
  command.option('--payload <file>', 'all of the payload, as JSON in a file; - for standard input')

/** `from`: a path, or `-` for standard input. @throws CannotRun, or the error of the file system */
export async function readPayload(from: string): Promise<object> {
  const value = await readJson(from)
  if (isFields(value)) return value
  throw new CannotRun(`${from === '-' ? 'Standard input' : from} holds no object.`, 'A payload is one JSON object.')
}

/** `from`: a path, or `-` for standard input. @throws CannotRun, or the error of the file system */
export async function readJson(from: string): Promise<unknown> {
  const where = from === '-' ? 'Standard input' : from
  const text = await readText(from === '-' ? process.stdin : createReadStream(from), where)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new CannotRun(`${where} is not JSON: ${(error as Error).message}.`, 'Give one JSON document.')
  }
}

async function readText(stream: AsyncIterable<Uint8Array>, where: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) {
      throw new CannotRun(
        `${where} is larger than a payload may be, which is 1 MiB.`,
        'Put what is large into an artifact, and its reference into the payload: npx biplane artifact put FILE',
      )
    }
  }
  return Buffer.concat(chunks).toString()
}

/** One `field=path` more. @throws InvalidArgumentError */
export function addFile(text: string, files: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at > 0) return { ...files, [text.slice(0, at)]: text.slice(at + 1) }
  throw new InvalidArgumentError('It must be the name of a field and a path: file=orders.csv.')
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
