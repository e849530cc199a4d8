// DuckDB's values as JSON that keeps what they say: a number where JSON can hold it exactly, else text.

import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain }

/** A double holds this many decimal digits exactly. */
const EXACT_DIGITS = 15

export function plain(value: DuckDBValue): Plain {
  switch (typeof value) {
    case 'string':
      return cleanText(value)
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'bigint':
      return plainInteger(value)
    default:
      return value === null ? null : plainObject(value)
  }
}

/** No store keeps NUL in text, so it is shown by its picture. */
export const cleanText = (value: string): string => (value.includes('\0') ? value.replaceAll('\0', '\u2400') : value)

const plainInteger = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)

function plainObject(value: Exclude<DuckDBValue, null | string | boolean | number | bigint>): Plain {
  if (value instanceof DuckDBDecimalValue) return plainDecimal(value)
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(plain)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [cleanText(key), plain(inner)]))
  }
  if (value instanceof DuckDBMapValue) return value.entries.map(({ key, value: inner }) => [plain(key), plain(inner)])
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T')
  if (value instanceof DuckDBTimestampTZValue) return value.toString().replace(' ', 'T')
  return cleanText(String(value))
}

function plainDecimal(value: DuckDBDecimalValue): number | string {
  const digits = String(value)
  return digits.replace(/\D/g, '').length <= EXACT_DIGITS ? Number(digits) : digits
}
