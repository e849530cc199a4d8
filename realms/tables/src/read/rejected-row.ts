// A record that did not become a row, and why.

import { decodeAny } from './encoding.ts'

export const REJECT_REASONS = {
  cell_count: 'It has another number of cells than the table has columns.',
  unterminated_quote: 'A quote opens a cell and nothing closes it; reading went on at the next line.',
  stray_quote: 'Text follows a closing quote.',
  too_long: 'It is longer than a record may be.',
  undecodable: 'Its bytes are text in no encoding that was tried.',
  before_header: 'It stands above the header.',
  not_json: 'It is not JSON.',
  not_an_object: 'It is not a record like the others.',
} as const

export type RejectReason = keyof typeof REJECT_REASONS

export interface RejectedRow {
  /** Its place among the records of the file, from 1. */
  record: number
  /** The line on which it begins, from 1. */
  line: number
  reason: RejectReason
  /** What is wrong with this one, if the reason does not say it all. */
  detail: string
  /** How it begins. */
  raw: string
}

/** Bytes of a rejected record that are kept. */
export const RAW_BYTES_MAX = 1000

/** A record above this many bytes is rejected, so that one missing quote cannot hold a whole file in memory. */
export const RECORD_BYTES_MAX = 4 * 1024 * 1024

export const rawText = (bytes: Buffer): string => {
  const text = decodeAny(bytes.subarray(0, RAW_BYTES_MAX)).replaceAll('\0', '\u2400').toWellFormed()
  return bytes.length > RAW_BYTES_MAX ? `${text}…` : text
}
