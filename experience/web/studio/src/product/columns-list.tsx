// The columns that can be asked for, each a button that writes it into the question.

import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'

import type { ContractColumn } from '../data/product.ts'
import { plural } from '../data/words.ts'
import './columns-list.css'

export interface ColumnsListProps {
  columns: readonly ContractColumn[]
  /** Names of the other tables. */
  tables: readonly string[]
  onPick: (name: string) => void
}

/** Fewer are found by looking. */
const FIND_MIN = 12

export function ColumnsList({ columns, tables, onPick }: ColumnsListProps) {
  const [find, setFind] = useState('')
  const wanted = find.trim().toLowerCase()
  const found = columns.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <aside className="columns" aria-label="What can be asked">
      <Text size="sm" fw={550}>
        {plural(columns.length, 'column')} of data
      </Text>
      {columns.length >= FIND_MIN && (
        <TextInput
          size="xs"
          aria-label="Find a column"
          placeholder="Find a column"
          value={find}
          onChange={({ currentTarget }) => setFind(currentTarget.value)}
        />
      )}
      <ul className="columns-list">
        {found.map(({ name, type }) => (
          <li key={name}>
            <button type="button" className="columns-name" title={`Write ${name}`} onClick={() => onPick(name)}>
              <span>{name}</span> <span className="columns-type">{type}</span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="columns-type">None has this in its name.</li>}
      </ul>
      <Text size="sm" fw={550}>
        Made of
      </Text>
      <ul className="columns-list">
        {tables.map((table) => (
          <li key={table}>
            <button type="button" className="columns-name" title={`Write ${table}`} onClick={() => onPick(table)}>
              <span>{table}</span> <span className="columns-type">table</span>
            </button>
          </li>
        ))}
      </ul>
    </aside>
  )
}
