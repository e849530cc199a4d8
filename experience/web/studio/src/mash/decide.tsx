// What a person is asked before the table is made, and what was decided.

import { Alert, Button, Group, Text, TextInput } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { Problem } from '../../../ui/show/problem.tsx'
import type { Run } from '../run/run.ts'

export function Decide({ run }: { run: Run }) {
  const asked = run.execution.awaits.find(({ approval }) => approval !== undefined)
  if (asked !== undefined) return <Asked run={run} name={asked.name} title={asked.approval?.title ?? 'Go on?'} />
  if (run.decision === null) return null
  const { approved, by, reason } = run.decision
  const who = by === null ? '' : ` by ${by}`
  return (
    <Text size="sm" c="dimmed" mb="md">
      {approved ? 'Approved' : 'Refused'}
      {who}
      {reason === null ? '.' : `: ${reason}`}
    </Text>
  )
}

function Asked({ run, name, title }: { run: Run; name: string; title: string }) {
  const { client } = useBiplane()
  const mayDecide = useMay('execution:operate')
  const [reason, setReason] = useState('')
  const { execution_id } = run.execution
  const decide = useMutation({
    mutationFn: (isApproved: boolean) => {
      const why = reason.trim() === '' ? {} : { reason: reason.trim() }
      return isApproved ? client.approve(execution_id, name, why) : client.refuse(execution_id, name, why)
    },
  })
  const isSent = decide.isPending || decide.isSuccess
  return (
    <Alert mb="lg" icon={<IconHandStop aria-hidden />} title={title}>
      <Text size="sm" mb="sm">
        Below is how the tables would be put together, and why. Nothing is made before somebody decides.
      </Text>
      {mayDecide ? (
        <Group gap="xs" align="flex-end">
          <TextInput
            label="Why (if you like)"
            value={reason}
            maxLength={500}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <Button onClick={() => decide.mutate(true)} disabled={isSent}>
            Make the table
          </Button>
          <Button variant="default" onClick={() => decide.mutate(false)} disabled={isSent}>
            Refuse
          </Button>
        </Group>
      ) : (
        <Text size="sm" fw={550}>
          Your role may look at it; an operator decides.
        </Text>
      )}
      {decide.error !== null && <Problem error={decide.error} />}
    </Alert>
  )
}
