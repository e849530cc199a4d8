import type { Begun, PageOf } from './port.ts'

/** Sorts after every id, where a list goes from the newest to the oldest. */
export const AFTER_ALL_IDS = '~'

/** A page of `limit` from one more row than that, if there are so many. */
export function pageOf<T>(rows: readonly T[], limit: number, cursor: (row: T) => string): PageOf<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursor(last) : null }
}

/** The place of a beginning among others. */
export const begunCursor = ({ began_ms, execution_id }: Begun): string => `${began_ms} ${execution_id}`
