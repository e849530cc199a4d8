// A field that holds one value: a text, a number, yes or no, one of a few, a file.

import { Checkbox, FileInput, NumberInput, Select, TextInput, Textarea } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'

import type { Control } from './schema.ts'

export type PlainControl = Exclude<Control, { kind: 'object' | 'list' | 'json' }>

interface FieldOf<C> {
  label: string
  control: C
  isRequired: boolean
  value: unknown
  /** What the runtime said of it. */
  error: string | undefined
  onChange: (value: unknown) => void
}

export type PlainFieldProps = FieldOf<PlainControl>

type Props<K extends PlainControl['kind']> = FieldOf<Extract<PlainControl, { kind: K }>>

const TEXT_ROWS_FROM_CHARS = 200

export function PlainField({ control, ...props }: PlainFieldProps) {
  switch (control.kind) {
    case 'number':
      return <NumberField {...props} control={control} />
    case 'boolean':
      return <BooleanField {...props} control={control} />
    case 'choice':
      return <ChoiceField {...props} control={control} />
    case 'file':
      return <FileField {...props} control={control} />
    case 'text':
      return <TextField {...props} control={control} />
    default:
      return control satisfies never
  }
}

const common = <C extends PlainControl>({ label, control, error, isRequired }: FieldOf<C>) => ({
  label,
  description: control.description,
  error,
  required: isRequired,
})

function NumberField(props: Props<'number'>) {
  const { control, value, onChange } = props
  const { min, max, isWhole } = control
  return (
    <NumberInput
      {...common(props)}
      {...(min !== undefined && { min })}
      {...(max !== undefined && { max })}
      value={typeof value === 'number' ? value : ''}
      allowDecimal={!isWhole}
      clampBehavior="none"
      onChange={(next) => onChange(next === '' ? undefined : Number(next))}
    />
  )
}

const YES_OR_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

/** What may be left out has a third answer, which no box to tick can show. */
function BooleanField(props: Props<'boolean'>) {
  const { label, control, error, isRequired, value, onChange } = props
  if (!isRequired && control.usual === undefined) {
    return (
      <Select
        {...common(props)}
        data={YES_OR_NO}
        placeholder="Left out"
        value={typeof value === 'boolean' ? String(value) : null}
        clearable
        clearButtonProps={{ 'aria-label': `Clear ${label}` }}
        onChange={(next) => onChange(next === null ? undefined : next === 'true')}
      />
    )
  }
  return (
    <Checkbox
      label={label}
      description={control.description}
      error={error}
      checked={value === true}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  )
}

function ChoiceField(props: Props<'choice'>) {
  const { label, control, isRequired, value, onChange } = props
  return (
    <Select
      {...common(props)}
      data={control.values.map(String)}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : null}
      clearable={!isRequired}
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      onChange={(next) => onChange(control.values.find((one) => String(one) === next))}
    />
  )
}

function FileField(props: Props<'file'>) {
  const { label, control, value, onChange } = props
  return (
    <FileInput
      {...common(props)}
      description={control.description ?? 'It is stored first, and named in the payload.'}
      placeholder="Choose a file"
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      leftSection={<IconUpload size={16} aria-hidden />}
      value={value instanceof File ? value : null}
      onChange={(file) => onChange(file ?? undefined)}
    />
  )
}

function TextField(props: Props<'text'>) {
  const { control, isRequired, value, onChange } = props
  const { minLength, maxLength, format } = control
  const text = typeof value === 'string' ? value : ''
  const bounds = { ...(minLength !== undefined && { minLength }), ...(maxLength !== undefined && { maxLength }) }
  const change = (next: string) => onChange(next === '' && !isRequired ? undefined : next)
  const written = { ...common(props), ...bounds, value: text }
  if (text.length > TEXT_ROWS_FROM_CHARS) {
    return <Textarea {...written} autosize maxRows={12} onChange={({ currentTarget }) => change(currentTarget.value)} />
  }
  return <TextInput {...written} placeholder={format} onChange={({ currentTarget }) => change(currentTarget.value)} />
}
