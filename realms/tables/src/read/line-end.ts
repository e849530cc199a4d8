// Where lines end: LF, CRLF, or CR alone.

/** The end of the line that `from` is in, and where the next begins; null if that lies beyond the buffer. */
export function lineEnd(bytes: Buffer, from: number, last: boolean): { end: number; next: number } | null {
  const lf = bytes.indexOf(10, from)
  const cr = bytes.subarray(from, lf === -1 ? bytes.length : lf).indexOf(13)
  if (cr !== -1) {
    const end = from + cr
    if (end + 1 === bytes.length && !last) return null
    return { end, next: bytes[end + 1] === 10 ? end + 2 : end + 1 }
  }
  if (lf !== -1) return { end: lf, next: lf + 1 }
  return last ? { end: bytes.length, next: bytes.length } : null
}
