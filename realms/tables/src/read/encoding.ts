// How bytes become text.
//
// Unicode in two bytes, and encodings that the sender names, are turned into UTF-8 before anything else looks at the
// file. All other files are read as they are, since delimiters, quotes and line ends are ASCII in every encoding that is
// found without being named; then each record is judged by itself: UTF-8 if its bytes are valid UTF-8, else Windows-1252.
// So one file may hold both, as files that several programs appended to do, and the counts say how many records were which.

import { isUtf8 } from 'node:buffer'

import { TerminalError } from '@biplane/realm'

/** `null`: decide record by record. Else a name that TextDecoder knows. */
export interface Encoding {
  label: string | null
  /** Bytes of the byte order mark, to be skipped. */
  skip: number
}

const BOMS: readonly (readonly [bytes: string, label: string | null])[] = [
  ['\xef\xbb\xbf', null],
  ['\xff\xfe\0\0', 'utf-32le'],
  ['\0\0\xfe\xff', 'utf-32be'],
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
]

/** In UTF-16, text in Latin script has a zero in every other byte, and its line ends have theirs. */
const ZERO_SHARE_MIN = 0.4
const ZERO_SHARE_MAX = 0.05
const HALF_LINE_END_SHARE_MAX = 0.05
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d]

/** @throws TerminalError content.encoding_unknown */
export function detectEncoding(sample: Buffer, named?: string): Encoding {
  const bom = BOMS.find(([bytes]) => sample.toString('latin1', 0, bytes.length) === bytes)
  const label = bom !== undefined ? bom[1] : named === undefined ? withoutBom(sample) : decidable(named)
  if (label !== null) openDecoder(label)
  return { label, skip: bom?.[0].length ?? 0 }
}

/** These two need no decoder: every record is tried as UTF-8 and then as Windows-1252. */
const decidable = (named: string): string | null =>
  ['utf-8', 'utf8', 'windows-1252', 'cp1252', 'latin1', 'iso-8859-1'].includes(named.toLowerCase()) ? null : named

function withoutBom(sample: Buffer): string | null {
  const zeros = [0, 0] as [even: number, odd: number]
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i & 1]!++
  const half = Math.max(1, sample.length / 2)
  const [even, odd] = [zeros[0] / half, zeros[1] / half]
  if (odd >= ZERO_SHARE_MIN && even <= ZERO_SHARE_MAX && lineEndsAreWhole(sample, 0)) return 'utf-16le'
  if (even >= ZERO_SHARE_MIN && odd <= ZERO_SHARE_MAX && lineEndsAreWhole(sample, 1)) return 'utf-16be'
  return null
}

/** Zeros alone may be junk in a file of single bytes; there, line ends stand where they like. `low`: 0 or 1, the place of a pair's low byte. */
function lineEndsAreWhole(sample: Buffer, low: 0 | 1): boolean {
  let [all, half] = [0, 0]
  for (let i = 0; i < sample.length; i++) {
    if (sample[i] !== LINE_FEED && sample[i] !== CARRIAGE_RETURN) continue
    all++
    const high = low === 0 ? i + 1 : i - 1
    if ((i & 1) !== low || (sample[high] ?? 0) !== 0) half++
  }
  return half <= all * HALF_LINE_END_SHARE_MAX
}

/** @throws TerminalError content.encoding_unknown */
export function openDecoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label, { ignoreBOM: true })
  } catch (cause) {
    const message = `The encoding ${label} cannot be read. Save the file as UTF-8, or name another, such as windows-1251.`
    throw new TerminalError('content.encoding_unknown', message, { cause })
  }
}

/** A file's bytes as UTF-8 where `encoding` has a label, else as they are. The byte order mark is gone. */
export async function* toAscii(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = encoding.label === null ? null : openDecoder(encoding.label)
  let skip = encoding.skip
  for await (const chunk of chunks) {
    const rest = chunk.subarray(Math.min(skip, chunk.length))
    skip -= chunk.length - rest.length
    yield decoder === null ? rest : Buffer.from(decoder.decode(rest, { stream: true }))
  }
  if (decoder !== null) yield Buffer.from(decoder.decode())
}

/** What Windows-1252 has where Latin-1 has control characters, from 0x80 on; '' where it has nothing. */
const HIGH = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ'

/** Text of bytes in Windows-1252; null if some byte means nothing in it. */
export function decodeWindows1252(bytes: Buffer): string | null {
  let unknown = false
  const text = bytes.toString('latin1').replace(/[\x80-\x9f]/g, (char) => {
    const mapped = HIGH.charAt(char.charCodeAt(0) - 0x80)
    unknown ||= mapped === '\0'
    return mapped
  })
  return unknown ? null : text
}

/** The text of a record, by the rule above; null if its bytes mean nothing in either encoding. */
export const decode = (bytes: Buffer): string | null =>
  isUtf8(bytes) ? bytes.toString('utf8') : decodeWindows1252(bytes)

/** The same, with what means nothing shown as Latin-1. */
export const decodeAny = (bytes: Buffer): string => decode(bytes) ?? bytes.toString('latin1')
