// A field of a form, made of the schema of what it takes. Its value is the JSON that is sent; undefined is left out.

import { ActionIcon, Button, Fieldset, JsonInput, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'

import './form-field.css'
import { PlainField } from './plain-field.tsx'
import { type Control, firstValue, isSchema } from './schema.ts'

export interface FormFieldProps {
  /** Names what holds it: `to.street`. */
  path: string
  label: string
  control: Control
  isRequired: boolean
  value: unknown
  /** What the runtime said of fields, by their paths. */
  errors: ReadonlyMap<string, string>
  onChange: (value: unknown) => void
}

export function FormField(props: FormFieldProps) {
  const { control, path, errors } = props
  switch (control.kind) {
    case 'object':
      return <ObjectField {...props} fields={control.fields} />
    case 'list':
      return <ListField {...props} items={control.items} max={control.max} />
    case 'json':
      return <JsonField {...props} />
    default:
      return <PlainField {...props} control={control} error={errors.get(path)} />
  }
}

function ObjectField({
  path,
  label,
  control,
  isRequired,
  value,
  errors,
  onChange,
  fields,
}: FormFieldProps & { fields: Extract<Control, { kind: 'object' }>['fields'] }) {
  const held = isSchema(value) ? value : undefined
  if (held === undefined && !isRequired && path !== '') {
    return (
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange(firstValue(control) ?? {})}
        >
          Add {label}
        </Button>
      </div>
    )
  }
  const inner = fields.map((field) => (
    <FormField
      key={field.name}
      path={path === '' ? field.name : `${path}.${field.name}`}
      label={field.name}
      control={field.control}
      isRequired={field.isRequired}
      value={held?.[field.name]}
      errors={errors}
      onChange={(next) => onChange(withField(held ?? {}, field.name, next))}
    />
  ))
  if (path === '') return <Stack gap="md">{inner}</Stack>
  return (
    <Fieldset legend={label} className="form-object">
      <Stack gap="sm">
        {control.description !== undefined && <span className="form-about">{control.description}</span>}
        {inner}
        {!isRequired && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            className="form-leave"
            onClick={() => onChange(undefined)}
          >
            Leave {label} out
          </Button>
        )}
      </Stack>
    </Fieldset>
  )
}

function withField(held: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const { [name]: _before, ...others } = held
  return value === undefined ? others : { ...held, [name]: value }
}

function ListField({
  path,
  label,
  control,
  value,
  errors,
  onChange,
  items,
  max = Infinity,
}: FormFieldProps & { items: Control; max: number | undefined }) {
  const held: unknown[] = Array.isArray(value) ? value : []
  return (
    <Fieldset legend={label} className="form-object">
      <Stack gap="xs">
        {control.description !== undefined && <span className="form-about">{control.description}</span>}
        {errors.has(path) && <span className="form-error">{errors.get(path)}</span>}
        {held.map((item, index) => (
          <div className="form-item" key={index}>
            <FormField
              path={`${path}.${index}`}
              label={`${label} ${index + 1}`}
              control={items}
              isRequired
              value={item}
              errors={errors}
              onChange={(next) => onChange(held.with(index, next))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${label} ${index + 1}`}
              onClick={() => onChange(held.toSpliced(index, 1))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="xs"
            variant="default"
            disabled={held.length >= max}
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...held, firstOf(items)])}
          >
            Add one
          </Button>
        </div>
      </Stack>
    </Fieldset>
  )
}

const firstOf = (items: Control): unknown => firstValue(items) ?? (items.kind === 'text' ? '' : undefined)

function JsonField({ path, label, control, isRequired, value, errors, onChange }: FormFieldProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)))
  const change = (next: string) => {
    setText(next)
    if (next.trim() === '') return onChange(undefined)
    try {
      onChange(JSON.parse(next))
    } catch {
      // It is being written; the input says so, and what was valid last is kept.
    }
  }
  return (
    <JsonInput
      label={`${label}, as JSON`}
      description={control.description}
      error={errors.get(path)}
      required={isRequired}
      autosize
      minRows={2}
      maxRows={16}
      validationError="This is not JSON yet."
      value={text}
      onChange={change}
    />
  )
}
