// Lists of what a tenant has made, newest first, a page at a time. State lists keys in order, so an id begins with the time that
// is left until the end of time: the latest has the least.

import * as z from 'zod'

import type { Context, QueryContext } from '@biplane/realm'

/** Milliseconds; of as many hexadecimal digits until the year 10889. */
const END_OF_TIME_MS = 0xffff_ffff_ffff
const TIME_DIGITS = 12
const CHANCE_DIGITS = 16
const LIMIT_MAX = 200
const LIMIT_DEFAULT = 50
/** Entries that one question looks through; then it answers with what it found and where to go on. */
const LOOKED_THROUGH_MAX = 5_000
const READ_AT_ONCE = 500

/** Which page of a list, and of what. */
export const Find = z.strictObject({
  find: z.string().trim().max(200).optional().describe('Only those whose name has this in it, in whatever case.'),
  after: z.string().max(100).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
})
export type Find = z.infer<typeof Find>

/** An id, such as `cnt_…`, that comes before all that were made in earlier milliseconds. */
export function newestFirst(prefix: string, ctx: Pick<Context, 'now' | 'uuid'>): string {
  const left = (END_OF_TIME_MS - ctx.now()).toString(16).padStart(TIME_DIGITS, '0')
  return `${prefix}_${left}${ctx.uuid().replaceAll('-', '').slice(0, CHANCE_DIGITS)}`
}

/** When something with such an id was made; null for an id that does not say. */
function madeAt(id: string): string | null {
  const [, left] = new RegExp(`_([0-9a-f]{${TIME_DIGITS}})[0-9a-f]{${CHANCE_DIGITS}}$`).exec(id) ?? []
  return left === undefined ? null : new Date(END_OF_TIME_MS - parseInt(left, 16)).toISOString()
}

/** What a list adds to an item. */
export const Made = z.object({ created_at: z.iso.datetime().nullable() })

export interface Page<T> {
  items: (T & z.infer<typeof Made>)[]
  /** Pass it as `after` to go on; null at the end. A page may hold few and lead on: it has looked through many. */
  next: string | null
}

/** `keyOf('')` is what all keys begin with; `read` makes an item of a value, or null of what is not to be listed. */
export async function pageOf<T extends { name: string }>(
  { state }: QueryContext,
  keyOf: (id: string) => string,
  { find = '', after, limit }: Find,
  read: (value: unknown) => T | null,
): Promise<Page<T>> {
  const prefix = keyOf('')
  const wanted = find.toLowerCase()
  const items: Page<T>['items'] = []
  let last = after === undefined ? undefined : keyOf(after)
  for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += READ_AT_ONCE) {
    const rows = await state.tenant.list<unknown>(prefix, READ_AT_ONCE, last)
    for (const { key, value } of rows) {
      last = key
      const item = read(value)
      if (item === null || !item.name.toLowerCase().includes(wanted)) continue
      const id = key.slice(prefix.length)
      items.push({ ...item, created_at: madeAt(id) })
      if (items.length === limit) return { items, next: id }
    }
    if (rows.length < READ_AT_ONCE) return { items, next: null }
  }
  return { items, next: last === undefined ? null : last.slice(prefix.length) }
}
