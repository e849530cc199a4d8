// A part of a session's log, as one reader after the other is given it: as the text of an array for server-sent events, one by one
// for sockets. Each is made when it is first asked for, and then is there for all who stand at the same place.

import { type Event, type SessionId, type Standing, dataOf, offsetOf } from '@biplane/protocol'

export interface Part extends Standing {
  isEmpty: boolean
  /** The data of one server-sent event; '' without events. */
  data(): string
  /** One message of a socket for each event (docs/protocol.md §6). */
  messages(): readonly Buffer[]
}

export interface Entry {
  /** The event's own number, which is the place behind it. */
  place: number
  json: string
}

export function heldPart(sessionId: SessionId, entries: readonly Entry[], standing: Standing): Part {
  let data: string | undefined
  let messages: Buffer[] | undefined
  return {
    ...standing,
    isEmpty: entries.length === 0,
    data: () => (data ??= entries.length === 0 ? '' : dataOf(`[${entries.map(({ json }) => json).join(',')}]`)),
    messages: () => (messages ??= entries.map((entry) => messageOf(sessionId, entry))),
  }
}

/** `array`: the body of an answer of the log. */
export function pagePart(sessionId: SessionId, array: string, standing: Standing): Part {
  const isEmpty = array === '[]'
  return {
    ...standing,
    isEmpty,
    data: () => (isEmpty ? '' : dataOf(array)),
    messages: () =>
      (JSON.parse(array) as Event[]).map((event) =>
        messageOf(sessionId, { place: event.seq, json: JSON.stringify(event) }),
      ),
  }
}

/** In bytes, so that it is encoded once for all sockets. */
const messageOf = (sessionId: SessionId, { place, json }: Entry): Buffer =>
  Buffer.from(`{"type":"event","session_id":"${sessionId}","offset":"${offsetOf(place)}","event":${json}}`)
