// Under a grid: where one is in it, the whole of the cell that one is at, and a way to any row.

import { Text, TextInput } from '@mantine/core'
import { useId, useState } from 'react'

import { count } from '../data/words.ts'
import { textOf } from './cell-text.ts'
import type { Place } from './grid-keys.ts'
import type { GridRow } from './use-rows.ts'

export interface GridFootProps {
  total: number
  seen: readonly [number, number]
  columns: readonly { name: string }[]
  /** The cell that one is at. */
  at: Place | null
  /** Its row, if it has come. */
  row: GridRow | null
  /** Told of the number of a row, from 1. */
  onGo: (number: number) => void
}

/** Of a value that is shown whole. */
const CHARS_MAX = 2_000
/** Fewer rows need no way to them. */
const GO_ROWS_MIN = 50

export function GridFoot({ total, seen, columns, at, row, onGo }: GridFootProps) {
  return (
    <div className="grid-foot">
      <Text size="sm" c="dimmed">
        {count(seen[0] + 1)} to {count(seen[1] + 1)} of {count(total)}
      </Text>
      {total >= GO_ROWS_MIN && <GoTo onGo={onGo} />}
      {at !== null && row !== null && (
        <Whole name={columns[at.column]?.name ?? ''} row={row} value={row.cells[at.column]} />
      )}
    </div>
  )
}

function Whole({ name, row, value }: { name: string; row: GridRow; value: unknown }) {
  const text = textOf(value).slice(0, CHARS_MAX)
  return (
    <Text size="sm" className="grid-value">
      <span className="grid-type">
        {name}, row {count(row.number)}:
      </span>{' '}
      {text === '' ? <span className="grid-nothing">nothing</span> : text}
    </Text>
  )
}

function GoTo({ onGo }: Pick<GridFootProps, 'onGo'>) {
  const [text, setText] = useState('')
  const id = useId()
  return (
    <form
      className="grid-go"
      onSubmit={(event) => {
        event.preventDefault()
        const number = Number(text.replaceAll(/\D/g, ''))
        if (number > 0) onGo(number)
      }}
    >
      <Text component="label" htmlFor={id} size="sm" c="dimmed">
        Go to row
      </Text>
      <TextInput
        id={id}
        size="xs"
        w="6.5rem"
        inputMode="numeric"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </form>
  )
}
