// What only one kind of act asks for.

import type { Execution } from '@biplane/protocol'
import { Checkbox, JsonInput, Select, TextInput } from '@mantine/core'

import { settleable } from './acts.ts'
import type { Wish } from './perform.ts'

export interface Call {
  ordinal: number
  label: string
}

export interface OwnFieldsProps {
  execution: Execution
  /** Those with an answer, in order: where a fork may leave. */
  calls: readonly Call[]
  wish: Wish
  json: string
  onChange: (changed: Partial<Wish>) => void
  onJson: (json: string) => void
}

export function OwnFields({ wish, execution, calls, json, onChange, onJson }: OwnFieldsProps) {
  switch (wish.act) {
    case 'cancel':
      return (
        <Checkbox
          label="Do not ask its handler"
          description="By default the handler sees that it is cancelled, and may tidy up before its steps are undone."
          checked={wish.isKill}
          onChange={({ currentTarget }) => onChange({ isKill: currentTarget.checked })}
        />
      )
    case 'fork':
      return (
        <CallChoice
          label="Keep the answers up to"
          none="All before the first failure"
          calls={calls}
          wish={wish}
          onChange={onChange}
        />
      )
    case 'settle': {
      const undone = settleable(execution).map(({ ordinal, name }) => ({
        ordinal,
        label: `${name} was undone by hand`,
      }))
      return (
        <CallChoice
          label="What was done"
          none="Nothing: it ends as it is"
          calls={undone}
          wish={wish}
          onChange={onChange}
        />
      )
    }
    case 'signal':
      return <SignalFields wish={wish} json={json} onChange={onChange} onJson={onJson} />
    default:
      return null
  }
}

interface CallChoiceProps {
  label: string
  /** What is done if none is chosen. */
  none: string
  calls: readonly Call[]
  wish: Wish
  onChange: (changed: Partial<Wish>) => void
}

const CallChoice = ({ label, none, calls, wish, onChange }: CallChoiceProps) => (
  <Select
    label={label}
    data={[
      { value: '', label: none },
      ...[...new Map(calls.map((call) => [call.ordinal, call])).values()].map(({ ordinal, label: words }) => ({
        value: String(ordinal),
        label: `${ordinal}. ${words}`,
      })),
    ]}
    allowDeselect={false}
    value={wish.ordinal === null ? '' : String(wish.ordinal)}
    onChange={(value) => onChange({ ordinal: value === null || value === '' ? null : Number(value) })}
  />
)

type SignalFieldsProps = Pick<OwnFieldsProps, 'wish' | 'json' | 'onChange' | 'onJson'>

const SignalFields = ({ wish, json, onChange, onJson }: SignalFieldsProps) => (
  <>
    <TextInput
      label="Name"
      required
      maxLength={200}
      data-autofocus
      value={wish.name}
      onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
    />
    <JsonInput
      label="Payload, as JSON"
      autosize
      minRows={3}
      validationError="This is not JSON yet."
      formatOnBlur
      value={json}
      onChange={onJson}
    />
  </>
)
