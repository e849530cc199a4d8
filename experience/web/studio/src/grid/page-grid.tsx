// Rows of a table, a page at a time.

import { Button, Group, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { count } from '../data/words.ts'
import './grid.css'

export interface GridPage {
  columns: readonly { name: string; type: string }[]
  rows: readonly (readonly unknown[])[]
  /** Of each row; left out, they count from 1. */
  rowNumbers?: readonly number[]
}

export interface PageGridProps {
  label: string
  total: number
  /** Names the rows among all that are kept. */
  cacheKey: readonly string[]
  load: (offset: number, limit: number, signal: AbortSignal) => Promise<GridPage>
}

const ROWS_PER_PAGE = 200

export function PageGrid({ label, total, cacheKey, load }: PageGridProps) {
  const [offset, setOffset] = useState(0)
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['grid', ...cacheKey, offset],
    queryFn: ({ signal }) => whole(load, offset, Math.min(ROWS_PER_PAGE, total - offset), signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <Problem error={error} retry={refetch} />
  if (data === undefined) return <Loading label={`Loading ${label}`} lines={8} />
  return (
    <>
      <Grid label={label} page={data} from={offset + 1} />
      {total > ROWS_PER_PAGE && (
        <Group gap="xs" mt="sm">
          <Button variant="default" size="xs" disabled={offset === 0} onClick={() => setOffset(offset - ROWS_PER_PAGE)}>
            Earlier
          </Button>
          <Text size="sm" c="dimmed" aria-live="polite">
            {count(offset + 1)} to {count(Math.min(total, offset + ROWS_PER_PAGE))} of {count(total)}
          </Text>
          <Button
            variant="default"
            size="xs"
            loading={isFetching}
            disabled={offset + ROWS_PER_PAGE >= total}
            onClick={() => setOffset(offset + ROWS_PER_PAGE)}
          >
            Later
          </Button>
        </Group>
      )}
    </>
  )
}

/** An answer is bounded in bytes, too: what did not fit is asked for behind it. */
async function whole(
  load: PageGridProps['load'],
  offset: number,
  limit: number,
  signal: AbortSignal,
): Promise<GridPage> {
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

/** `from`: the number of the first row, where rows bring none. */
export function Grid({ label, page, from = 1 }: { label: string; page: GridPage; from?: number }) {
  const { columns, rows, rowNumbers } = page
  return (
    <div className="grid-box" role="region" aria-label={label} tabIndex={0}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col" className="grid-number">
              Row
            </th>
            {columns.map(({ name, type }) => (
              <th key={name} scope="col">
                {name} <span className="grid-type">{type.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={from + i}>
              <th scope="row" className="grid-number">
                {count(rowNumbers?.[i] ?? from + i)}
              </th>
              {columns.map(({ name, type }, column) => (
                <Cell key={name} value={row[column]} isFigure={FIGURES.test(type)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Types of DuckDB whose values are compared digit by digit. */
const FIGURES = /INT|DECIMAL|DOUBLE|FLOAT/

function Cell({ value, isFigure }: { value: unknown; isFigure: boolean }) {
  if (value === null || value === undefined) {
    return (
      <td className="grid-nothing">
        <span aria-label="nothing">–</span>
      </td>
    )
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return <td className={isFigure ? 'grid-figure' : undefined}>{text}</td>
}
