// One execution: how it stands and why, what happened when, what went in and came out, its log, and what can be done.

import type { Event, Execution as Shape } from '@biplane/protocol'
import { Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { CopyId } from '../show/copy-id.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { ActBar } from '../act/act-bar.tsx'
import { ActDialog } from '../act/act-dialog.tsx'
import { type Act, actsFor, traceOf, whyNot } from '../act/acts.ts'
import { Outcome } from '../act/outcome.tsx'
import type { Done } from '../act/perform.ts'
import { Questions } from '../act/questions.tsx'
import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Head } from '../execution/head.tsx'
import { timelineOf } from '../execution/timeline-model.ts'
import { Timeline } from '../execution/timeline.tsx'
import { useAskAgain, useExecution } from '../execution/use-execution.ts'
import { JsonTree } from '../json/json-tree.tsx'
import { Log } from '../log/log.tsx'
import { useLog } from '../log/use-log.ts'
import { Section } from '../show/section.tsx'

const route = getRouteApi('/executions/$id')

export function Execution() {
  const { id } = route.useParams()
  const { data, error, refetch, isFetching } = useExecution(id)
  if (data !== undefined) {
    return <Known key={id} execution={data} isFetching={isFetching} ask={refetch} />
  }
  return (
    <Page title="Execution" lead={<span className="mono">{id}</span>} width="full">
      {error === null ? <Loading label="Loading the execution" /> : <Problem error={error} retry={refetch} />}
    </Page>
  )
}

interface KnownProps {
  execution: Shape
  isFetching: boolean
  ask: () => unknown
}

function Known({ execution, isFetching, ask }: KnownProps) {
  const { execution_id, intent_type, session_id, status, created_at } = execution
  const log = useLog(session_id, execution_id)
  useAskAgain(log.events, isFetching, ask)
  const own = useMemo(
    () => log.events.filter((event) => 'execution_id' in event && event.execution_id === execution_id),
    [log.events, execution_id],
  )
  const timeline = useMemo(() => timelineOf(own, Date.parse(created_at)), [own, created_at])
  const { who } = useBiplane()
  const acting = useActing(log.events, execution_id)
  const mayFork = actsFor(status).includes('fork') && whyNot('fork', who) === null
  const calls = timeline.rows.filter(({ kind, state }) => kind !== 'undo' && state !== 'open')
  return (
    <Page
      title={intent_type}
      lead={<CopyId id={execution_id} />}
      width="full"
      actions={<ActBar status={status} onAct={acting.open} />}
    >
      {acting.done !== null && <Outcome done={acting.done} trace={acting.trace} onClose={acting.forget} />}
      <Head execution={execution} events={log.events} />
      <Questions execution={execution} onAct={acting.open} onDone={acting.finish} />
      <Section title="Timeline" aside={execution.fork_of && <ForkNote />}>
        <Timeline timeline={timeline} onFork={mayFork ? (ordinal) => acting.open('fork', ordinal) : undefined} />
      </Section>
      <InAndOut execution={execution} />
      <Section title="Log">
        <Log log={log} sinceMs={Date.parse(created_at)} markedSeq={acting.trace?.seq} />
      </Section>
      {acting.act !== null && (
        <ActDialog
          act={acting.act}
          execution={execution}
          calls={calls}
          ordinal={acting.ordinal}
          onClose={acting.close}
          onDone={acting.finish}
        />
      )}
    </Page>
  )
}

const ForkNote = () => (
  <Text size="sm" c="dimmed">
    What it shares with its source is in the log of that one.
  </Text>
)

function InAndOut({ execution: { payload, result, error, status } }: { execution: Shape }) {
  return (
    <div className="pair">
      <Section title="Payload">
        <div className="section-json">
          <JsonTree value={payload} name="Payload" />
        </div>
      </Section>
      {(error !== null || status === 'completed') && (
        <Section title={error === null ? 'Result' : 'Error'}>
          <div className="section-json">
            <JsonTree value={error ?? result} name={error === null ? 'Result' : 'Error'} />
          </div>
        </Section>
      )}
    </div>
  )
}

/** What somebody is about to do, and what became of what they did last. */
function useActing(events: readonly Event[], executionId: string) {
  const [wish, setWish] = useState<{ act: Act; ordinal: number | null } | null>(null)
  const [done, setDone] = useState<(Done & { behindSeq: number }) | null>(null)
  const [behindSeq, setBehindSeq] = useState(0)
  return {
    act: wish?.act ?? null,
    ordinal: wish?.ordinal ?? null,
    open: (act: Act, ordinal: number | null = null) => {
      setBehindSeq(events.at(-1)?.seq ?? 0)
      setWish({ act, ordinal })
    },
    close: () => setWish(null),
    finish: (one: Done) => {
      setWish(null)
      setDone({ ...one, behindSeq: wish === null ? (events.at(-1)?.seq ?? 0) : behindSeq })
    },
    done,
    trace: done === null ? undefined : traceOf(done.act, events, done.behindSeq, executionId),
    forget: () => setDone(null),
  }
}
