// A JSON record as cells: an object within an object gives columns of its own (`address.city`), an array stays JSON.

/** Objects deeper than this stay JSON. */
const DEPTH_MAX = 6

export type Put = (path: string, cell: string | null) => void

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Calls `put` for each cell of the record. `nest` false: only the record's own keys become columns. */
export function flatten(record: Record<string, unknown>, nest: boolean, put: Put, path = '', depth = 1): void {
  for (const [key, value] of Object.entries(record)) {
    const here = path === '' ? key : `${path}.${key}`
    if (nest && depth < DEPTH_MAX && isObject(value)) flatten(value, nest, put, here, depth + 1)
    else put(here, cellOf(value))
  }
}

/** Null is nothing, text is itself, all else is as JSON writes it. */
export const cellOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value)
