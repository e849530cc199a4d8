// What an execution is: its status and why, whose it is, when it was, and where it comes from.

import type { Event, Execution } from '@biplane/protocol'
import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { Ago } from '../../../ui/show/ago.tsx'
import { StatusMark } from '../../../ui/show/status-mark.tsx'
import { Took } from '../show/took.tsx'
import './head.css'
import { useRelations } from './use-execution.ts'
import { whyOf } from './why.ts'

export interface HeadProps {
  execution: Execution
  /** Its own log. */
  events: readonly Event[]
}

export function Head({ execution, events }: HeadProps) {
  const { status, session_id, realm_version, created_at, ended_at, error } = execution
  const why = whyOf(execution, events)
  const relations = useRelations(execution)
  return (
    <section className="panel head" aria-label="How it stands">
      <div className="head-why" data-tone={why.tone}>
        <StatusMark status={status} />
        <p className="head-sentence" role="status">
          {why.text} {why.leadsTo !== undefined && <ToExecution id={why.leadsTo} />}
          {error !== null && <code className="head-code">{error.code}</code>}
        </p>
      </div>
      <dl className="head-facts">
        <Fact label={ended_at === undefined ? 'So far' : 'Took'}>
          <Took from={created_at} to={ended_at} />
        </Fact>
        <Fact label="Accepted">
          <Ago time={created_at} />
          <By events={events} />
        </Fact>
        <Fact label="Realm version">{realm_version}</Fact>
        <Fact label="Session">
          <Link className="mono" to="/sessions/$id" params={{ id: session_id }}>
            {session_id}
          </Link>
        </Fact>
        {relations.map(({ label, executionId }) => (
          <Fact key={label} label={label}>
            <ToExecution id={executionId} />
          </Fact>
        ))}
        <Again events={events} executionId={execution.execution_id} />
      </dl>
    </section>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)

export const ToExecution = ({ id }: { id: string }) => (
  <Link className="mono" to="/executions/$id" params={{ id }}>
    {id}
  </Link>
)

function By({ events }: { events: readonly Event[] }) {
  const accepted = events.find((event) => event.type === 'intent.accepted')
  const by = (accepted?.data as { by?: string } | undefined)?.by
  return by === undefined ? null : <Text span size="sm" c="dimmed">{` by ${by}`}</Text>
}

/** Those that do it again. */
function Again({ events, executionId }: { events: readonly Event[]; executionId: string }) {
  const later = events.filter(
    (event) => event.kind === 'lifecycle' && event.type === 'intent.accepted' && event.execution_id !== executionId,
  )
  if (later.length === 0) return null
  return (
    <Fact label="Done again as">
      {later.map((event) => 'execution_id' in event && <ToExecution key={event.seq} id={event.execution_id} />)}
    </Fact>
  )
}
