// A payload as somebody writes it: in the fields of its schema, or as JSON.

import { BiplaneError } from '@biplane/client'
import type { Capability } from '@biplane/protocol'
import { Button, Group, JsonInput, SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'

import { isJson } from '../json/is-json.ts'
import { FormField } from './form-field.tsx'
import { type Control, type Schema, controlOf, firstValue, isSchema } from './schema.ts'

export interface Payload {
  control: Control
  value: unknown
  /** As text, while it is written so. */
  json: string | null
  /** Another one for each value that did not come from the fields. */
  turn: number
  isWhole: boolean
  read: () => unknown
  setValue: (value: unknown) => void
  setJson: (json: string | null) => void
  fill: (value: unknown) => void
}

export function usePayload({ payload_schema }: Capability): Payload {
  const control = useMemo(() => controlOf(payload_schema as Schema), [payload_schema])
  const [value, setValue] = useState<unknown>(() => firstValue(control) ?? {})
  const [json, setJson] = useState<string | null>(control.kind === 'object' ? null : '{}')
  const [turn, setTurn] = useState(0)
  const fill = (next: unknown) => {
    setValue(next)
    setTurn(turn + 1)
    if (json !== null) setJson(JSON.stringify(next, null, 2))
  }
  const read = () => (json === null ? value : (JSON.parse(json) as unknown))
  const isWhole = json === null || (json.trim() !== '' && isJson(json))
  return { control, value, json, turn, isWhole, read, setValue, setJson, fill }
}

export interface PayloadFieldsProps {
  payload: Payload
  example: Capability['example']
  /** What became of it when it was sent last. */
  error: Error | null
}

export function PayloadFields({ payload, example, error }: PayloadFieldsProps) {
  const { control, value, json, turn, setValue, setJson, fill } = payload
  return (
    <>
      <Group justify="space-between">
        <Way payload={payload} />
        {example !== undefined && (
          <Button size="xs" variant="subtle" onClick={() => fill(withUsual(control, example))}>
            Fill in the example
          </Button>
        )}
      </Group>
      {json === null ? (
        <FormField
          key={turn}
          path=""
          label=""
          control={control}
          isRequired
          value={value}
          errors={errorsByPath(error)}
          onChange={setValue}
        />
      ) : (
        <JsonInput
          label="Payload, as JSON"
          autosize
          minRows={8}
          maxRows={30}
          validationError="This is not JSON yet."
          value={json}
          onChange={setJson}
        />
      )}
    </>
  )
}

/** What an example leaves out is shown as it is taken then. */
const withUsual = (control: Control, example: unknown): unknown => {
  const usual = firstValue(control)
  return isSchema(usual) && isSchema(example) ? { ...usual, ...example } : example
}

/** As a form or as JSON; what was written in one stands in the other. */
function Way({ payload: { control, value, json, isWhole, read, setJson, fill } }: { payload: Payload }) {
  const change = (way: string) => {
    if (way === 'json') return setJson(JSON.stringify(value, null, 2))
    if (isWhole) fill(read())
    setJson(null)
  }
  return (
    <SegmentedControl
      size="xs"
      aria-label="How the payload is written"
      data={[
        { value: 'form', label: 'Form', disabled: control.kind !== 'object' },
        { value: 'json', label: 'As JSON' },
      ]}
      value={json === null ? 'form' : 'json'}
      onChange={change}
    />
  )
}

function errorsByPath(error: Error | null): ReadonlyMap<string, string> {
  const errors = error instanceof BiplaneError ? (error.errors ?? []) : []
  return new Map(errors.map(({ path, message }) => [pathInForm(path), message]))
}

/** `/payload/to/street`, or with dots, is `to.street`. */
const pathInForm = (path: string): string =>
  path
    .split(/[./]/)
    .filter((part) => part !== '' && part !== 'payload')
    .join('.')
