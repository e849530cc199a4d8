// A grid over rows that come as they are looked at, and one over rows that are here.

import { Box } from '@mantine/core'

import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { Grid } from './grid.tsx'
import { type GridPage, type RowSource, useRows } from './use-rows.ts'

export function PageGrid({ label, ...source }: RowSource & { label: string }) {
  const { first, rowAt, placeOf, look, isLoading, error, retry } = useRows(source)
  const problem = error !== null && (
    <Box mb="md">
      <Problem error={error} retry={retry} />
    </Box>
  )
  if (first === null) return problem || <Loading label={`Loading ${label}`} lines={8} />
  return (
    <>
      {problem}
      <Grid
        label={label}
        total={source.total}
        first={first}
        rowAt={rowAt}
        placeOf={placeOf}
        isBusy={isLoading}
        onLook={look}
      />
    </>
  )
}

export function WholeGrid({ label, page }: { label: string; page: GridPage }) {
  const rowAt = (index: number) => {
    const cells = page.rows[index]
    return cells === undefined ? null : { cells, number: index + 1 }
  }
  return <Grid label={label} total={page.rows.length} first={page} rowAt={rowAt} />
}
