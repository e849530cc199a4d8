// Before something is done to an execution: what it will do, the reason for those who read the log, and the button that does it.

import type { Execution } from '@biplane/protocol'
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { isJson } from '../json/is-json.ts'
import { ABOUT } from './about.ts'
import type { Act } from './acts.ts'
import { type Call, OwnFields } from './own-fields.tsx'
import { type Done, type Wish, perform } from './perform.ts'

export interface ActDialogProps {
  act: Act
  execution: Execution
  /** Those with an answer, in order: where a fork may leave. */
  calls: readonly Call[]
  /** Chosen before the dialog was opened. */
  ordinal: number | null
  onClose: () => void
  onDone: (done: Done) => void
}

const REASON_CHARS_MAX = 500

const beginning = (act: Act, { awaits }: Execution, ordinal: number | null): Wish => ({
  act,
  reason: '',
  key: crypto.randomUUID(),
  isKill: false,
  ordinal,
  name: awaits.find(({ approval }) => approval === undefined)?.name ?? '',
  payload: undefined,
})

export function ActDialog({ act, execution, calls, ordinal, onClose, onDone }: ActDialogProps) {
  const { client } = useBiplane()
  const { title, does, button, color } = ABOUT[act]
  const [wish, setWish] = useState(() => beginning(act, execution, ordinal))
  const [json, setJson] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      perform(client, execution.execution_id, {
        ...wish,
        ...(json.trim() !== '' && { payload: JSON.parse(json) as unknown }),
      }),
    onSuccess: onDone,
  })
  const change = (changed: Partial<Wish>) => setWish({ ...wish, ...changed })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${title}: ${execution.intent_type}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{does}</Text>
          <OwnFields wish={wish} execution={execution} calls={calls} json={json} onChange={change} onJson={setJson} />
          <Textarea
            label="Reason"
            description="It stands in the log, beside who did it."
            autosize
            minRows={2}
            maxLength={REASON_CHARS_MAX}
            data-autofocus={act !== 'signal' || undefined}
            value={wish.reason}
            onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
          />
          {error !== null && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button
              type="submit"
              loading={isPending}
              {...(color && { color })}
              disabled={act === 'signal' && !isJson(json)}
            >
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
