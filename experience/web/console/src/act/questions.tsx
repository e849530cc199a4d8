// What an execution asks of people, where it can be answered: approvals, and signals that it waits for.

import type { AwaitedSignal, Execution } from '@biplane/protocol'
import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconBroadcast, IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import type { Who } from '../../../ui/connect/who.ts'
import { Problem } from '../../../ui/show/problem.tsx'
import { exactTime } from '../../../ui/time/in-words.ts'
import { type Act, whyNot } from './acts.ts'
import type { Done } from './perform.ts'
import './questions.css'

export interface QuestionsProps {
  execution: Execution
  onAct: (act: Act) => void
  onDone: (done: Done) => void
}

export const Questions = ({ execution, onAct, onDone }: QuestionsProps) =>
  execution.awaits.map((awaited) =>
    awaited.approval === undefined ? (
      <Expected key={awaited.ordinal} awaited={awaited} onAct={onAct} />
    ) : (
      <Question key={awaited.ordinal} executionId={execution.execution_id} awaited={awaited} onDone={onDone} />
    ),
  )

const untilWords = (until: string | undefined): string =>
  until === undefined ? '' : `, until ${exactTime(Date.parse(until))}`

function Expected({ awaited: { name, until }, onAct }: { awaited: AwaitedSignal; onAct: (act: Act) => void }) {
  const { who } = useBiplane()
  return (
    <section className="question" aria-label={`Signal ${name}`}>
      <IconBroadcast className="question-sign" size={20} aria-hidden />
      <Text className="question-title">
        It waits for the signal <strong>{name}</strong>
        {untilWords(until)}
      </Text>
      <Button size="xs" disabled={whyNot('signal', who) !== null} onClick={() => onAct('signal')}>
        Send {name} …
      </Button>
    </section>
  )
}

interface QuestionProps {
  executionId: string
  awaited: AwaitedSignal
  onDone: (done: Done) => void
}

function Question({ executionId, awaited: { name, approval, until }, onDone }: QuestionProps) {
  const { client, who } = useBiplane()
  const [reason, setReason] = useState('')
  const [id] = useState(() => crypto.randomUUID())
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (isApproved: boolean) => {
      const decision = { id, ...(reason.trim() !== '' && { reason: reason.trim() }) }
      await (isApproved ? client.approve(executionId, name, decision) : client.refuse(executionId, name, decision))
    },
    onSuccess: () => onDone({ act: 'signal' }),
  })
  const why = whyNotDecide(who, approval?.assignee)
  const whose = approval?.assignee === undefined ? '' : `For ${approval.assignee}`
  return (
    <section className="question" aria-label={`Approval ${name}`}>
      <IconQuestionMark className="question-sign" size={20} aria-hidden />
      <div className="question-title">
        <Text fw={600}>{approval?.title ?? `Shall “${name}” go on?`}</Text>
        <Text size="sm" c="dimmed">
          {why ?? `${whose}${untilWords(until)}`.replace(/^, u/, 'U')}
        </Text>
      </div>
      <Group gap="xs" className="question-answer">
        <TextInput
          size="xs"
          aria-label="Reason of the decision"
          placeholder="Reason"
          maxLength={500}
          disabled={why !== null}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button
          size="xs"
          leftSection={<IconCheck size={15} aria-hidden />}
          loading={isPending}
          disabled={why !== null}
          onClick={() => mutate(true)}
        >
          Approve
        </Button>
        <Button
          size="xs"
          color="red"
          variant="outline"
          leftSection={<IconX size={15} aria-hidden />}
          disabled={why !== null || isPending}
          onClick={() => mutate(false)}
        >
          Refuse
        </Button>
      </Group>
      {error !== null && <Problem error={error} />}
    </section>
  )
}

/** Where nobody is known by name, anybody decides. */
function whyNotDecide(who: Who, assignee: string | undefined): string | null {
  const why = whyNot('signal', who)
  if (why !== null || assignee === undefined || who.tenant_id === null || assignee === who.subject) return why
  return who.scopes.includes('execution:operate') ? null : `Only ${assignee} decides this, or an operator.`
}
