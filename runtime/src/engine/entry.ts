// Makes the entries of an execution (docs/protocol.md §6). `data` is what every reader sees; `secret` stays in the runtime.

import type { ArtifactId, Event, ExecutionId, SessionId } from '@biplane/protocol'
import { EVENT_FORMAT, timeOf } from '@biplane/protocol'
import type { Call } from '@biplane/realm/port'

import type { Entry, NewEntry } from '../store/port.ts'

type Closed = Exclude<Event, { kind: 'emitted' }>
export type ClosedType = Closed['type']
export type DataOf<T extends ClosedType> = Extract<Closed, { type: T }>['data']
type KindOf<T extends ClosedType> = Extract<Closed, { type: T }>['kind']

const KINDS: { [T in ClosedType]: KindOf<T> } = {
  'session.created': 'session',
  'session.closing': 'session',
  'session.closed': 'session',
  'intent.accepted': 'lifecycle',
  'execution.started': 'lifecycle',
  'execution.recovered': 'lifecycle',
  'execution.cancelling': 'lifecycle',
  'execution.paused': 'lifecycle',
  'execution.continued': 'lifecycle',
  'execution.parked': 'lifecycle',
  'execution.completed': 'lifecycle',
  'execution.failed': 'lifecycle',
  'execution.cancelled': 'lifecycle',
  'execution.superseded': 'lifecycle',
  'step.started': 'step',
  'step.completed': 'step',
  'step.failed': 'step',
  'execution.waiting': 'timer',
  'execution.resumed': 'timer',
  'state.read': 'state',
  'state.changed': 'state',
  'state.refused': 'state',
  'saga.compensating': 'saga',
  'saga.step_undone': 'saga',
  'saga.undo_failed': 'saga',
  'saga.step_settled': 'saga',
  'signal.received': 'signal',
  'signal.awaited': 'signal',
  'signal.taken': 'signal',
  'signal.expired': 'signal',
  'child.called': 'child',
  'child.returned': 'child',
  'stream.chunk': 'stream',
  'execution.progress': 'progress',
}

/** An entry of one of the protocol's own types. `secret` must be JSON text. */
export function entryOf<T extends ClosedType>(
  type: T,
  data: DataOf<T>,
  about: { execution: ExecutionId | null; time_ms: number; secret?: string | null },
): NewEntry {
  return {
    kind: KINDS[type],
    type,
    execution_id: about.execution,
    time_ms: about.time_ms,
    data: JSON.stringify(data),
    secret: about.secret ?? null,
  }
}

/** An event of a realm. It keeps its ordinal apart from its data, which is the realm's alone. */
export const emittedEntry = (call: Call, data: string, execution: ExecutionId, time_ms: number): NewEntry => ({
  kind: 'emitted',
  type: call.name,
  execution_id: execution,
  time_ms,
  data,
  secret: JSON.stringify({ ordinal: call.ordinal }),
})

/** The call's fields alone, for an entry's data. */
export const callOf = ({ ordinal, name, key }: Call): Call =>
  key === undefined ? { ordinal, name } : { ordinal, name, key }

const ARTIFACT_IDS = /art_[0-9a-f]{64}/g

/** Artifacts that a JSON text names. */
export const artifactsNamedIn = (text: string): ArtifactId[] =>
  text.includes('art_') ? ([...new Set(text.match(ARTIFACT_IDS) ?? [])] as ArtifactId[]) : []

/** Artifacts that these entries name: they are kept for as long as the log is. */
export function artifactsIn(entries: readonly NewEntry[]): ArtifactId[] {
  const found = new Set<string>()
  for (const { data, secret } of entries) {
    for (const text of [data, secret]) {
      if (text?.includes('art_')) for (const id of text.match(ARTIFACT_IDS) ?? []) found.add(id)
    }
  }
  return [...found] as ArtifactId[]
}

/** The event that readers see, as JSON text: the envelope is small, and `data` is already text. */
export function eventText(entry: Entry): string {
  const subject = entry.execution_id ?? entry.session_id
  const execution = entry.execution_id === null ? '' : `,"execution_id":"${entry.execution_id}"`
  return (
    `{"format":${EVENT_FORMAT},"kind":"${entry.kind}","type":"${entry.type}","id":"${entry.session_id}.${entry.seq}",` +
    `"source":"${sourceOf(entry.session_id)}","subject":"${subject}","time":"${timeOf(entry.time_ms)}",` +
    `"session_id":"${entry.session_id}","seq":${entry.seq}${execution},"data":${entry.data}}`
  )
}

const sourceOf = (session: SessionId): string => `/session/${session}`
