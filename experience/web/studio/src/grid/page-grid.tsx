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
    queryFn: ({ signal }) => load(offset, ROWS_PER_PAGE, signal),
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
            <tr key={rowNumbers?.[i] ?? from + i}>
              <th scope="row" className="grid-number">
                {count(rowNumbers?.[i] ?? from + i)}
              </th>
              {columns.map(({ name }, column) => (
                <Cell key={name} value={row[column]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined) {
    return (
      <td className="grid-nothing">
        <span aria-label="nothing">–</span>
      </td>
    )
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return <td className={typeof value === 'number' ? 'grid-figure' : undefined}>{text}</td>
}
