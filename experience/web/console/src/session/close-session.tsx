// Closing a session, with the reason for those who read its log.

import { Button, Group, Modal, Stack, Text, Textarea, Tooltip } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { Problem } from '../../../ui/show/problem.tsx'

const REASON_CHARS_MAX = 500

export function CloseSession({ sessionId }: { sessionId: string }) {
  const [isOpen, setOpen] = useState(false)
  const may = useMay('intent:submit')
  return (
    <>
      <Tooltip label="This needs the scope intent:submit, which your role does not have." disabled={may}>
        <Button
          size="xs"
          variant="default"
          aria-disabled={!may}
          {...(!may && { 'data-disabled': true })}
          onClick={() => may && setOpen(true)}
        >
          Close the session
        </Button>
      </Tooltip>
      {isOpen && <CloseDialog sessionId={sessionId} onClose={() => setOpen(false)} />}
    </>
  )
}

function CloseDialog({ sessionId, onClose }: { sessionId: string; onClose: () => void }) {
  const { client } = useBiplane()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.closeSession(sessionId, reason.trim() === '' ? {} : { reason: reason.trim() }),
    onSuccess: async () => {
      onClose()
      await queries.invalidateQueries({ queryKey: ['session'] })
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    mutate()
  }
  return (
    <Modal opened onClose={onClose} title="Close the session" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            It takes no more intents. What is under way in it goes on to its end, and then its log is closed.
          </Text>
          <Textarea
            label="Reason"
            description="It stands in the log, beside who did it."
            autosize
            minRows={2}
            maxLength={REASON_CHARS_MAX}
            data-autofocus
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {error !== null && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" color="red" loading={isPending}>
              Close it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
