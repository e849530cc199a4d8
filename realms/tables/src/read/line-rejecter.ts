// What both splitters do with a record that cannot be read: its first line is rejected, and reading goes on at the next
// line. So nothing that is wrong in one line can swallow the lines after it.

import { lineEnd } from './line-end.ts'
import { RAW_BYTES_MAX, RECORD_BYTES_MAX, rawText, type RejectedRow, type RejectReason } from './rejected-row.ts'

const CR = 13

export class LineRejecter {
  /** A line that is longer than the buffer: how it begins, and how many bytes of it went by. */
  private long: { row: Omit<RejectedRow, 'raw'>; head: Buffer; size: number } | null = null
  private readonly reject: (row: RejectedRow) => void

  constructor(reject: (row: RejectedRow) => void) {
    this.reject = reject
  }

  /** Answers where the next line begins; the end of the buffer if the line goes on beyond it. */
  rejectLine(bytes: Buffer, from: number, last: boolean, row: Omit<RejectedRow, 'raw'>): number {
    this.long = { row, head: Buffer.alloc(0), size: 0 }
    return this.resume(bytes, from, last)
  }

  /** True if the rest of a rejected line is still to come. */
  get pending(): boolean {
    return this.long !== null
  }

  /** Goes on with the line that was being rejected. */
  resume(bytes: Buffer, from: number, last: boolean): number {
    const long = this.long!
    const found = lineEnd(bytes, from, last)
    // A CR at the very end stays: whether it ends the line alone or with an LF shows in the next chunk.
    const end = found?.end ?? bytes.length - (bytes.at(-1) === CR ? 1 : 0)
    if (long.head.length <= RAW_BYTES_MAX) {
      long.head = Buffer.concat([long.head, bytes.subarray(from, Math.min(end, from + RAW_BYTES_MAX + 1))])
    }
    long.size += end - from
    if (found === null) return end
    this.long = null
    const reason: RejectReason = long.size > RECORD_BYTES_MAX ? 'too_long' : long.row.reason
    const detail = reason === long.row.reason ? long.row.detail : ''
    this.reject({ ...long.row, reason, detail, raw: rawText(long.head) })
    return found.next
  }
}
