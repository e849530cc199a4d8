// A socket on which a test says what no client of HTTP or WebSockets would.

import { type Socket, connect } from 'node:net'

export interface RawSocket {
  socket: Socket
  write(bytes: string | Uint8Array): void
  /** What has come so far, a character for each byte. */
  readonly text: string
  /** Resolves with all that came when the other side has closed it. */
  closed: Promise<string>
}

export async function openRaw(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (piece) => (text += piece.toString('latin1')))
  // A server that closes on us may do so hard.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return {
    socket,
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    get text() {
      return text
    },
    closed,
  }
}

/** The head of a request, with its own lines added; a Host among them replaces the usual one. */
export function head(line: string, ...headers: string[]): string {
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : ['host: localhost']
  return [`${line} HTTP/1.1`, ...host, ...headers, '', ''].join('\r\n')
}

export const upgradeTo = (path: string, ...headers: string[]): string =>
  head(
    `GET ${path}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  )

interface FrameOptions {
  /** The first byte: that it is the last of its message, and what it is. */
  first?: number
  isMasked?: boolean
  /** As the frame says it, where that is not so. */
  length?: number
}

const TEXT = 0x81
const MASKED = 0x80
const LENGTH_OF_8_BYTES = 127

/** A frame of a WebSocket, with a mask of zeros, which changes nothing. */
export function frame(payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { first = TEXT, isMasked = true, length = payload.length } = options
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(length))
  const start = Buffer.from([first, LENGTH_OF_8_BYTES | (isMasked ? MASKED : 0)])
  return Buffer.concat([start, size, Buffer.alloc(isMasked ? 4 : 0), Buffer.from(payload)])
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

export const codeOf = (answer: string): string => /"code":"(\w+)"/.exec(answer)?.[1] ?? ''

const CLOSES = String.fromCharCode(0x88)

/** Of a WebSocket: why the server closed it, from its last frame; 0 if it did not say. */
export function closeCodeOf(answer: string): number {
  const last = Buffer.from(answer.slice(answer.lastIndexOf(CLOSES)), 'latin1')
  return last[0] === CLOSES.charCodeAt(0) && last.length >= 4 ? last.readUInt16BE(2) : 0
}
