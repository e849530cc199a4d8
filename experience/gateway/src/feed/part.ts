// A part of a log, as one reader after the other is given it: as server-sent events, or one by one for sockets. Each is written out
// when it is first asked for, and then is there for all who stand at the same place.

import { type Standing, controlOf, dataOf, offsetOf } from '@biplane/protocol'

export interface Part extends Standing {
  isEmpty: boolean
  /** The events and where they end, as server-sent events. `cursor`: the reader's; it is the same for nearly all. */
  serverSent(cursor: number): Buffer
  /** One message of a socket for each event. `head`: as `headOf`; the same for all who gave the stream no name of their own. */
  messages(head: string): readonly Buffer[]
}

export interface Entry {
  /** The place behind the event. */
  place: number
  json: string
}

/** `array`: the events as the text of a JSON array, where that is known; else made of the entries. */
export function partOf(entries: readonly Entry[], standing: Standing, array?: string): Part {
  const isEmpty = entries.length === 0
  const data = once(() => (isEmpty ? '' : dataOf(array ?? `[${entries.map(({ json }) => json).join(',')}]`)))
  return {
    ...standing,
    isEmpty,
    serverSent: lastOf((cursor: number) => Buffer.from(data() + controlOf(standing, cursor))),
    messages: lastOf((head: string) => entries.map((entry) => messageOf(head, entry))),
  }
}

/** How each message of a stream begins. `named`: `stream` and `session_id`, as far as it has them. */
export const headOf = (named: object): string => `{"type":"event",${JSON.stringify(named).slice(1, -1)},"offset":"`

/** In bytes, so that it is encoded once for all sockets. */
const messageOf = (head: string, { place, json }: Entry): Buffer =>
  Buffer.from(`${head}${offsetOf(place)}","event":${json}}`)

function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined
  return () => (made ??= { it: make() }).it
}

/** Keeps what it was asked for last. */
function lastOf<Key, T>(make: (key: Key) => T): (key: Key) => T {
  let last: { key: Key; it: T } | undefined
  return (key) => (last?.key === key ? last : (last = { key, it: make(key) })).it
}
