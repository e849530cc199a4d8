// What a cell says: its bytes without quotes and escapes.

import type { Scan } from './scan-record.ts'

/** The content of a cell. Copies only if something must be taken out. `quote` and `escape` are bytes, 256 for none. */
export function cellBytes(bytes: Buffer, scan: Scan, cell: number, quote: number, escape: number): Buffer {
  const content = bytes.subarray(scan.starts[cell], scan.ends[cell])
  return scan.quoted[cell] === 2 ? unescape(content, quote, escape) : content
}

const MEANINGS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescape(content: Buffer, quote: number, escape: number): Buffer {
  const out = Buffer.allocUnsafe(content.length)
  let size = 0
  for (let at = 0; at < content.length; at++) {
    const byte = content[at]!
    if (byte === escape && at + 1 < content.length) {
      const next = content[++at]!
      out[size++] = MEANINGS[String.fromCharCode(next)]?.charCodeAt(0) ?? next
    } else {
      if (byte === quote) at++
      out[size++] = byte
    }
  }
  return out.subarray(0, size)
}
