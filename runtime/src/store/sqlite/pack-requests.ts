// Requests to the writer as one flat list of values. A list of objects costs the writer as much to read as its SQL does,
// because a message names every field of every object again; so the two commands that make up nearly all of the traffic are
// sent field by field. The rest of a command, which most leave empty, is one object or null.

import type { AcceptIntent, NewEntry, RecordExecution } from '../port.ts'
import type { WriteRequest } from './writes.ts'

export function packRequests(requests: readonly WriteRequest[]): unknown[] {
  const values: unknown[] = []
  for (const request of requests) {
    values.push(request.verb, request.chars)
    if (request.verb === 'recordExecution') packRecord(values, request.command)
    else if (request.verb === 'acceptIntent') packAccept(values, request.command)
    else values.push(request.command)
  }
  return values
}

/** The requests of a packed list, in order. */
export function unpackRequests(values: readonly unknown[]): WriteRequest[] {
  const cursor = new Cursor(values)
  const requests: WriteRequest[] = []
  while (!cursor.atEnd) {
    const verb = cursor.next<WriteRequest['verb']>()
    const chars = cursor.next<number>()
    if (verb === 'recordExecution') requests.push({ verb, chars, command: unpackRecord(cursor) })
    else if (verb === 'acceptIntent') requests.push({ verb, chars, command: unpackAccept(cursor) })
    else requests.push({ verb, chars, command: cursor.next() } as WriteRequest)
  }
  return requests
}

class Cursor {
  readonly #values: readonly unknown[]
  #at = 0

  constructor(values: readonly unknown[]) {
    this.#values = values
  }

  next<T>(): T {
    return this.#values[this.#at++] as T
  }

  get atEnd(): boolean {
    return this.#at >= this.#values.length
  }
}

type RestOfRecord = Pick<RecordExecution, 'state' | 'artifacts' | 'set_timers' | 'clear_timers' | 'begins'>

function packRecord(values: unknown[], command: RecordExecution): void {
  const { lease, state, artifacts, set_timers, clear_timers } = command
  values.push(lease.shard, lease.epoch, command.tenant_id, command.session_id, command.execution_id)
  values.push(command.status, command.compensated)
  packEntries(values, command.entries)
  const { begins } = command
  const isPlain = state.length + artifacts.length + set_timers.length + clear_timers.length === 0 && !begins
  values.push(isPlain ? null : { state, artifacts, set_timers, clear_timers, ...(begins && { begins }) })
}

function unpackRecord(cursor: Cursor): RecordExecution {
  return {
    lease: { shard: cursor.next(), epoch: cursor.next() },
    tenant_id: cursor.next(),
    session_id: cursor.next(),
    execution_id: cursor.next(),
    status: cursor.next(),
    compensated: cursor.next(),
    entries: unpackEntries(cursor),
    ...(cursor.next<RestOfRecord | null>() ?? { state: [], artifacts: [], set_timers: [], clear_timers: [] }),
  }
}

type RestOfAccept = Pick<AcceptIntent, 'keys' | 'artifacts' | 'set_timers' | 'goes_on_from'>

function packAccept(values: unknown[], { lease, execution, at_quota = false, ...rest }: AcceptIntent): void {
  const { keys, artifacts, entries, set_timers, goes_on_from } = rest
  values.push(lease.shard, lease.epoch, execution.tenant_id, execution.execution_id, execution.intent_id)
  values.push(execution.session_id, execution.intent_type, execution.realm, execution.realm_version)
  values.push(execution.status, execution.compensated, execution.created_ms, execution.ended_ms)
  values.push(execution.parent_id, execution.parent_ordinal, execution.began_ms, execution.rate_lane)
  values.push(at_quota)
  packEntries(values, entries)
  const isPlain = keys.length + artifacts.length + set_timers.length === 0 && !goes_on_from
  values.push(isPlain ? null : { keys, artifacts, set_timers, ...(goes_on_from && { goes_on_from }) })
}

function unpackAccept(cursor: Cursor): AcceptIntent {
  return {
    lease: { shard: cursor.next(), epoch: cursor.next() },
    execution: {
      tenant_id: cursor.next(),
      execution_id: cursor.next(),
      intent_id: cursor.next(),
      session_id: cursor.next(),
      intent_type: cursor.next(),
      realm: cursor.next(),
      realm_version: cursor.next(),
      status: cursor.next(),
      compensated: cursor.next(),
      created_ms: cursor.next(),
      ended_ms: cursor.next(),
      parent_id: cursor.next(),
      parent_ordinal: cursor.next(),
      began_ms: cursor.next(),
      rate_lane: cursor.next(),
    },
    at_quota: cursor.next(),
    entries: unpackEntries(cursor),
    ...(cursor.next<RestOfAccept | null>() ?? { keys: [], artifacts: [], set_timers: [] }),
  }
}

function packEntries(values: unknown[], entries: readonly NewEntry[]): void {
  values.push(entries.length)
  for (const entry of entries) {
    values.push(entry.kind, entry.type, entry.execution_id, entry.time_ms, entry.data, entry.secret)
  }
}

function unpackEntries(cursor: Cursor): NewEntry[] {
  const entries: NewEntry[] = []
  for (let left = cursor.next<number>(); left > 0; left--) {
    entries.push({
      kind: cursor.next(),
      type: cursor.next(),
      execution_id: cursor.next(),
      time_ms: cursor.next(),
      data: cursor.next(),
      secret: cursor.next(),
    })
  }
  return entries
}
