// Lists, page by page: a table for people, a document each for programs, and where the next page begins.

import type { PageOptions } from '@biplane/client'
import { MAX_PAGE, type Page } from '@biplane/protocol'
import { type Command, InvalidArgumentError } from 'commander'

import type { Task } from '../command.ts'
import { dim } from '../terminal/style.ts'
import { type Cell, tableOf } from '../terminal/table.ts'

const LIMIT_DEFAULT = 20
/** What `--all` stops at: whoever needs more has a filter, or pages by --after. */
const ITEMS_MAX = 100_000

export interface ListOptions {
  limit: number
  after?: string
  all?: boolean
}

export const addListOptions = (command: Command): Command =>
  command
    .option('--limit <count>', 'how many', parseLimit, LIMIT_DEFAULT)
    .option('--all', 'all of them')
    .option('--after <cursor>', 'go on where a list before this one ended')

export interface List<T> {
  read(page: PageOptions): Promise<Page<T>>
  head: readonly string[]
  row(item: T): Cell[]
  /** For programs. */
  record(item: T): object
  /** What is said if there is nothing. */
  none: string
}

export async function tellList<T>({ out }: Task, options: ListOptions, list: List<T>): Promise<void> {
  const wanted = options.all === true ? ITEMS_MAX : options.limit
  let { after } = options
  let next: string | null = null
  const rows: Cell[][] = []
  do {
    const limit = Math.min(wanted - rows.length, MAX_PAGE)
    const page = await list.read({ limit, ...(after === undefined ? {} : { after }) })
    next = page.next
    for (const item of page.items) out.record(list.record(item))
    rows.push(...page.items.map(list.row))
    after = next ?? undefined
  } while (next !== null && rows.length < wanted)
  out.record({ type: 'page', next })
  if (rows.length > 0) out.line(tableOf(list.head, rows, out.columns))
  else out.note(dim(list.none))
  if (next !== null) out.note(dim(`There are more: --all for all of them, or go on with --after ${next}`))
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (/^\d+$/.test(text) && limit >= 1 && limit <= ITEMS_MAX) return limit
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${ITEMS_MAX}.`)
}
