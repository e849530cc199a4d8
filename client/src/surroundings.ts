// What a client stands in: a page that may be hidden, a machine that may sleep, sockets, and what tabs of one browser share. All of
// it may be given, so that a program or a test says what happens; nothing here needs a browser to be there.

import { type Page, createWakes } from './wakes.ts'

/**
 * `woke`: the machine has slept, and lines that look open may be dead. `online`: the network is back. `seen`: the page is, again.
 * `unseen`: nobody has seen it for long.
 */
export type Change = 'woke' | 'online' | 'seen' | 'unseen'

export interface SocketEars {
  opened(): void
  said(text: string): void
  /** Once, and nothing after it; also of one that was never open. */
  closed(code: number): void
}

export interface OpenSocket {
  send(text: string): void
  close(): void
}

/** The part of Web Locks that is used. */
export interface Locks {
  request(name: string, options: { signal?: AbortSignal }, held: () => Promise<void>): Promise<unknown>
}

export interface Channel {
  postMessage(message: unknown): void
  close(): void
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `hear` until what it returned is called. */
  onChange(hear: (change: Change) => void): () => void
  /** Null where there are no WebSockets. */
  openSocket: ((url: string, ears: SocketEars) => OpenSocket) | null
  /** Null where tabs cannot know of each other. */
  tabs: { locks: Locks; openChannel(name: string, hear: (message: unknown) => void): Channel } | null
}

/** The page's, or the process's. */
export function surroundingsHere(): Surroundings {
  const now = () => Date.now()
  return {
    now,
    onChange: createWakes(now, globalThis as Partial<EventTarget>, page),
    openSocket: typeof WebSocket === 'function' ? openSocket : null,
    tabs: tabsHere(),
  }
}

export const isPage = (): boolean => page() !== undefined

const page = () => (globalThis as { document?: Page }).document

/** A refused upgrade is a `close` too. */
function openSocket(url: string, ears: SocketEars): OpenSocket {
  const socket = new WebSocket(url)
  socket.addEventListener('open', () => ears.opened())
  socket.addEventListener('message', ({ data }) => ears.said(String(data)))
  socket.addEventListener('close', ({ code }) => ears.closed(code))
  return socket
}

function tabsHere(): Surroundings['tabs'] {
  const { locks } = (globalThis as { navigator?: { locks?: Locks } }).navigator ?? {}
  if (locks === undefined || typeof BroadcastChannel !== 'function') return null
  return {
    locks,
    openChannel(name, hear) {
      const channel = new BroadcastChannel(name)
      channel.addEventListener('message', (message: unknown) => hear((message as { data: unknown }).data))
      return channel
    },
  }
}
