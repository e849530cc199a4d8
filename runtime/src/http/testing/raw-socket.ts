// A socket on which a test says what no HTTP client would.

import { type Socket, connect } from 'node:net'

export interface RawSocket {
  socket: Socket
  write(text: string | Uint8Array): void
  /** What has come so far. */
  readonly text: string
  /** Resolves with all that came when the other side has closed it. */
  closed: Promise<string>
}

export async function openRaw(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  // A server that closes on us may do so hard.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return {
    socket,
    write: (more) => void (socket.writable && socket.write(more)),
    get text() {
      return text
    },
    closed,
  }
}

/** The head of a request, with its own lines added. */
export const head = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n')

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

export const codeOf = (answer: string): string => /"code":"(\w+)"/.exec(answer)?.[1] ?? ''
