// One thing that this tab has asked for: how it stands, and what can be done about it.

import { ActionIcon, Button, Group, Progress, Text } from '@mantine/core'
import { IconArrowsJoin, IconTable, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { Problem } from '../../../ui/show/problem.tsx'
import { PhaseDots } from '../run/phase-dots.tsx'
import { failureOf } from '../run/failure.ts'
import { workInWords } from '../run/run-words.ts'
import { errorOf } from '../work/kept-work.ts'
import type { WorkDone } from '../work/use-work.ts'

export interface WorkRowProps {
  done: WorkDone
  /** Null if whoever is here may not. */
  onCancel: (() => void) | null
  onAgain: () => void
  onForget: () => void
}

export function WorkRow({ done, onCancel, onAgain, onForget }: WorkRowProps) {
  const { work, run } = done
  const isUpload = work.intentType === 'content.upload'
  const Sign = isUpload ? IconTable : IconArrowsJoin
  const isOver = work.stage === 'failed' || work.stage === 'stopped' || run?.execution.ended_at !== undefined
  return (
    <li className="work" data-over={isOver}>
      <div className="work-line">
        <Sign className="work-sign" size={18} stroke={1.6} aria-hidden />
        <WorkName {...done} />
        <span className="work-words">{workInWords(done)}</span>
        {run !== null && <PhaseDots intentType={work.intentType} run={run} />}
        {isOver ? (
          <ActionIcon variant="subtle" color="gray" aria-label={`Put ${work.name} away`} onClick={onForget}>
            <IconX size={16} />
          </ActionIcon>
        ) : (
          onCancel !== null && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Cancel ${work.name}`}
              onClick={onCancel}
            >
              Cancel
            </Button>
          )
        )}
      </div>
      {work.stage === 'sending' && run === null && (
        <Progress
          size="xs"
          value={work.size === 0 ? 100 : (work.sent / work.size) * 100}
          aria-label={`Bytes of ${work.name} that are sent`}
          {...(work.isInTrouble ? { color: 'orange' } : {})}
        />
      )}
      <WrongWithWork done={done} onAgain={onAgain} />
    </li>
  )
}

/** Leads to what it became, as soon as that is there. */
function WorkName({ work, run }: WorkDone) {
  const result = run?.execution.result as { content_id?: string; product_id?: string } | null | undefined
  const link = (to: ReactNode) => <span className="work-name">{to}</span>
  if (result?.content_id !== undefined) {
    return link(
      <Link to="/tables/$contentId" params={{ contentId: result.content_id }}>
        {work.name}
      </Link>,
    )
  }
  if (work.intentType === 'data_mash.create') {
    return link(
      <Link to="/mashes/$executionId" params={{ executionId: work.executionId ?? work.intentId }}>
        {work.name}
      </Link>,
    )
  }
  return link(work.name)
}

function WrongWithWork({ done: { work, run }, onAgain }: { done: WorkDone; onAgain: () => void }) {
  if (work.problem !== null) return <Problem error={errorOf(work.problem)} retry={onAgain} />
  if (run?.execution.status !== 'failed' || run.execution.error === null) return null
  const { message, advice } = failureOf(run.execution.error)
  return (
    <Group gap={4} className="work-wrong">
      <Text size="sm">{message}</Text>
      <Text size="sm" c="dimmed">
        {advice}
      </Text>
    </Group>
  )
}
