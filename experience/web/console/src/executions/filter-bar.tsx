// What the list is narrowed to: by status at a click, by type and session in words.

import { STATUSES, type Status } from '@biplane/protocol'
import { Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { STATUS_WORDS } from '../../../ui/show/status-mark.tsx'
import { catalogueOf } from '../capability/catalogue.ts'
import { type Filter, isNarrowed } from './filter.ts'

export interface FilterBarProps {
  filter: Filter
  onChange: (filter: Filter) => void
}

const STATUS_CHOICES = STATUSES.map((status) => ({ value: status, label: STATUS_WORDS[status] }))

/** Those that an operator looks for most often. */
const QUICK: readonly Status[] = ['running', 'waiting', 'parked', 'failed']

export function FilterBar({ filter, onChange }: FilterBarProps) {
  const { client, tenantId } = useBiplane()
  const { data } = useQuery(catalogueOf(client, tenantId))
  const types = (data?.capabilities ?? []).filter(({ kind }) => kind === 'intent').map(({ type }) => type)
  const change = (name: keyof Filter, value: string | null) => {
    const { [name]: _before, ...rest } = filter
    const text = value?.trim() ?? ''
    onChange(text === '' ? rest : { ...rest, [name]: text })
  }
  return (
    <search className="filter-bar" aria-label="Narrow the list">
      <div className="filter-quick" role="group" aria-label="Status">
        {[undefined, ...QUICK].map((status) => (
          <Button
            key={status ?? 'all'}
            size="compact-sm"
            radius="xl"
            variant={filter.status === status ? 'light' : 'subtle'}
            color={filter.status === status ? 'petrol' : 'gray'}
            aria-pressed={filter.status === status}
            onClick={() => change('status', status ?? null)}
          >
            {status === undefined ? 'All' : STATUS_WORDS[status]}
          </Button>
        ))}
      </div>
      <Select
        size="xs"
        className="filter-status"
        aria-label="Any status"
        placeholder="Any status"
        data={STATUS_CHOICES}
        value={filter.status ?? null}
        clearable
        clearButtonProps={{ 'aria-label': 'Any status' }}
        onChange={(status) => change('status', status)}
      />
      <WrittenField name="type" label="Intent type" value={filter.type} data={types} onDone={change} />
      <WrittenField name="session" label="Session" value={filter.session} onDone={change} />
      {isNarrowed(filter) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => onChange({})}
        >
          Clear
        </Button>
      )}
    </search>
  )
}

interface WrittenFieldProps {
  name: 'type' | 'session'
  label: string
  value: string | undefined
  /** What may be meant. */
  data?: string[]
  onDone: (name: 'type' | 'session', value: string) => void
}

/** Counts when it is left or entered, not at each letter. */
function WrittenField({ name, label, value = '', data, onDone }: WrittenFieldProps) {
  const [text, setText] = useState(value)
  const [before, setBefore] = useState(value)
  if (before !== value) {
    setBefore(value)
    setText(value)
  }
  const done = (next = text) => next.trim() !== value && onDone(name, next)
  const common = {
    size: 'xs' as const,
    'aria-label': label,
    placeholder: label,
    value: text,
    onBlur: () => done(),
    onKeyDown: ({ key }: KeyboardEvent) => key === 'Enter' && done(),
  }
  if (data === undefined) {
    return (
      <TextInput
        {...common}
        className="filter-written"
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    )
  }
  return (
    <Autocomplete
      {...common}
      className="filter-written"
      data={data}
      limit={12}
      onChange={setText}
      onOptionSubmit={done}
    />
  )
}
