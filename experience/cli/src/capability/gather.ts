// The payload of a call, from all places where its fields may be given: --payload, options, and files as arguments.

import { sendFile } from '../artifact/send-file.ts'
import { CannotRun } from '../cannot-run.ts'
import type { Task } from '../command.ts'
import { readPayload } from '../intent/payload.ts'
import type { Field } from './fields.ts'

export interface Given {
  /** A file of JSON with all of the payload, or `-`. */
  payload: string | undefined
  /** What was given for fields; of files, their paths. */
  values: readonly { field: Field; name: string; value: unknown }[]
  /** Each field that must be there, with how it is given. */
  required: readonly { field: Field; name: string }[]
  /** Where to read on. */
  help: string
}

/** Files are sent last, when all else is known to be there. @throws CannotRun */
export async function gatherPayload(task: Task, given: Given): Promise<object> {
  refuseTwoInputs(given)
  const payload: object = given.payload === undefined ? {} : await readPayload(given.payload)
  const values = given.values.filter(({ value }) => value !== undefined)
  refuseMissing(given, payload)
  for (const { field, value } of values) {
    if (field.takes !== 'file') setAt(payload, field.path, value)
  }
  for (const { field, value } of values) {
    if (field.takes === 'file') setAt(payload, field.path, await sent(task, value as string | string[]))
  }
  return payload
}

async function sent(task: Task, from: string | string[]): Promise<unknown> {
  if (typeof from === 'string') return sendFile(task, from)
  const files = []
  for (const path of from) files.push(await sendFile(task, path))
  return files
}

function refuseTwoInputs({ payload, values }: Given): void {
  const inputs = [payload, ...values.filter(({ field }) => field.takes === 'file').map(({ value }) => value)].flat()
  if (inputs.filter((input) => input === '-').length < 2) return
  throw new CannotRun('Standard input can be read once only.', 'Give one - at most, and files for the rest.')
}

function refuseMissing({ required, values, help }: Given, payload: object): void {
  const isGiven = (field: Field) =>
    Object.hasOwn(payload, field.path[0] ?? '') ||
    values.some(({ field: { path }, value }) => value !== undefined && path[0] === field.path[0])
  const missing = required.filter(({ field }) => !isGiven(field)).map(({ name }) => name)
  if (missing.length > 0) throw new CannotRun(`It needs ${missing.join(' and ')}.`, `See: ${help}`)
}

/** Makes the objects on the way. */
export function setAt(payload: object, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  const fields = payload as Record<string, unknown>
  if (rest.length === 0) return define(fields, name, value)
  const inner = Object.hasOwn(fields, name) ? fields[name] : undefined
  const next = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : {}
  define(fields, name, next)
  setAt(next, rest, value)
}

/** A field may have any name, `__proto__` too. */
const define = (fields: object, name: string, value: unknown): void =>
  void Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true })
