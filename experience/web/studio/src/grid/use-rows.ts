// The rows of a grid, fetched by windows as they come into view, and kept as long as there are not too many.

import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'

import { placeOf } from './place-of.ts'

export interface GridPage {
  columns: readonly { name: string; type: string }[]
  rows: readonly (readonly unknown[])[]
  /** Of each row; left out, they count from 1. */
  rowNumbers?: readonly number[]
}

export interface RowSource {
  total: number
  /** Names the rows among all that are kept. */
  cacheKey: readonly string[]
  load: (offset: number, limit: number, signal: AbortSignal) => Promise<GridPage>
}

export interface GridRow {
  cells: readonly unknown[]
  number: number
}

export interface Rows {
  /** Null until the first rows have come. */
  first: GridPage | null
  /** Null: it has not come yet. */
  rowAt: (index: number) => GridRow | null
  /** Of the row of a number. */
  placeOf: (number: number) => Promise<number>
  /** What is seen now: it is fetched, and what was seen before need not be. */
  look: (first: number, last: number) => void
  isLoading: boolean
  error: Error | null
  retry: () => void
}

const ROWS_PER_WINDOW = 200
/** Fetched beyond what is seen. */
const ROWS_AHEAD = 100
const WINDOWS_KEPT_MAX = 50
/** What is passed by faster than this is not asked for. */
const SETTLE_MS = 80
/** In no key. */
const SEPARATOR = '\0'

export function useRows({ total, cacheKey, load }: RowSource): Rows {
  const queries = useQueryClient()
  const [wanted, setWanted] = useState<readonly number[]>([])
  const key = ['grid', ...cacheKey]
  const queryOf = (window: number) => ({
    queryKey: [...key, window],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const offset = window * ROWS_PER_WINDOW
      return whole(load, offset, Math.min(ROWS_PER_WINDOW, total - offset), signal)
    },
    staleTime: Infinity,
  })
  const start = useQuery(queryOf(0))
  const results = useQueries({ queries: wanted.map(queryOf) })
  const failed = [start, ...results].filter(({ error }) => error !== null)
  const prefix = key.join(SEPARATOR)
  const onSettled = useCallback(
    (windows: readonly number[]) => {
      dropOldest(queries, prefix.split(SEPARATOR))
      setWanted(windows)
    },
    [queries, prefix],
  )
  return {
    first: start.data ?? null,
    rowAt: (index) => rowIn(queries.getQueryData<GridPage>([...key, windowOf(index)]), index),
    placeOf: (number) =>
      placeOf(number, total, async (at) => rowIn(await queries.query(queryOf(windowOf(at))), at)?.number ?? at + 1),
    look: useSettled(total, onSettled),
    isLoading: [start, ...results].some(({ isFetching }) => isFetching),
    error: failed[0]?.error ?? null,
    retry: () => void Promise.all(failed.map(({ refetch }) => refetch())).catch(reportError),
  }
}

const windowOf = (index: number): number => Math.floor(index / ROWS_PER_WINDOW)

function rowIn(page: GridPage | undefined, index: number): GridRow | null {
  const place = index % ROWS_PER_WINDOW
  const cells = page?.rows[place]
  return cells === undefined ? null : { cells, number: page?.rowNumbers?.[place] ?? index + 1 }
}

/** Windows that are not in view, but for those that came last. */
function dropOldest(queries: QueryClient, queryKey: readonly string[]): void {
  const old = queries
    .getQueryCache()
    .findAll({ queryKey, type: 'inactive' })
    .toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    .slice(WINDOWS_KEPT_MAX)
  for (const one of old) queries.removeQueries({ queryKey: one.queryKey, exact: true })
}

/** Tells which windows are seen, once it stays so for a moment. */
function useSettled(total: number, onSettled: (windows: readonly number[]) => void): Rows['look'] {
  const last = useRef({ timer: 0, windows: '' })
  useEffect(
    () => () => {
      clearTimeout(last.current.timer)
      last.current.windows = ''
    },
    [],
  )
  return useCallback(
    (first, end) => {
      const windows = windowsOf(Math.max(0, first - ROWS_AHEAD), Math.min(total - 1, end + ROWS_AHEAD))
      if (windows.join() === last.current.windows) return
      clearTimeout(last.current.timer)
      last.current = { windows: windows.join(), timer: window.setTimeout(() => onSettled(windows), SETTLE_MS) }
    },
    [total, onSettled],
  )
}

function windowsOf(first: number, last: number): number[] {
  const from = windowOf(first)
  return Array.from({ length: windowOf(last) - from + 1 }, (_, i) => from + i)
}

/** An answer is bounded in bytes, too: what did not fit is asked for behind it. */
async function whole(load: RowSource['load'], offset: number, limit: number, signal: AbortSignal): Promise<GridPage> {
  const first = await load(offset, limit, signal)
  const rows = [...first.rows]
  const numbers = [...(first.rowNumbers ?? [])]
  for (let got = rows.length; got > 0 && rows.length < limit;) {
    const more = await load(offset + rows.length, limit - rows.length, signal)
    got = more.rows.length
    rows.push(...more.rows)
    numbers.push(...(more.rowNumbers ?? []))
  }
  return { columns: first.columns, rows, ...(first.rowNumbers === undefined ? {} : { rowNumbers: numbers }) }
}
