// One session: what ran in it, the values that it keeps, and its log.

import type { Session as Shape } from '@biplane/protocol'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Ago } from '../../../ui/show/ago.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { useAskAgain } from '../execution/use-execution.ts'
import { ExecutionsTable } from '../executions/executions-table.tsx'
import { useExecutions } from '../executions/use-executions.ts'
import { JsonTree } from '../json/json-tree.tsx'
import { Log } from '../log/log.tsx'
import { useLog } from '../log/use-log.ts'
import { CloseSession } from '../session/close-session.tsx'
import { SessionMark } from '../session/session-mark.tsx'
import { StateValues } from '../session/state-values.tsx'
import { CopyId } from '../show/copy-id.tsx'
import { Section } from '../show/section.tsx'

const route = getRouteApi('/sessions/$id')

export function Session() {
  const { id } = route.useParams()
  const { client, tenantId } = useBiplane()
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['session', tenantId, id],
    queryFn: ({ signal }) => client.session(id, { signal }),
  })
  if (data !== undefined) return <Known key={id} session={data} isFetching={isFetching} ask={refetch} />
  return (
    <Page title="Session" lead={<span className="mono">{id}</span>}>
      {error === null ? <Loading label="Loading the session" /> : <Problem error={error} retry={refetch} />}
    </Page>
  )
}

interface KnownProps {
  session: Shape
  isFetching: boolean
  ask: () => unknown
}

function Known({ session, isFetching, ask }: KnownProps) {
  const { session_id, status, created_at, user_id, metadata } = session
  const executions = useExecutions({ session: session_id })
  const log = useLog(session_id)
  useAskAgain(log.events.findLast(({ kind }) => kind === 'session')?.seq, isFetching, ask)
  const lastChange = log.events.findLast(({ kind }) => kind === 'state')?.seq
  return (
    <Page
      title="Session"
      width="full"
      lead={<CopyId id={session_id} />}
      actions={status === 'open' && <CloseSession sessionId={session_id} />}
    >
      <Text mb="md" component="div">
        <SessionMark status={status} /> made <Ago time={created_at} />
        {user_id !== undefined && ` for ${user_id}`}
      </Text>
      {metadata !== undefined && Object.keys(metadata).length > 0 && (
        <Section title="About it">
          <div className="section-json">
            <JsonTree value={metadata} name="About it" />
          </div>
        </Section>
      )}
      <Section title="Executions">
        {executions.error !== null && executions.rows === null && (
          <Problem error={executions.error} retry={executions.retry} />
        )}
        {executions.rows === null && executions.error === null && <Loading label="Loading the executions" lines={2} />}
        {executions.rows?.items.length === 0 && (
          <Text p="md" size="sm" c="dimmed">
            Nothing has run in it yet.
          </Text>
        )}
        {executions.rows !== null && executions.rows.items.length > 0 && (
          <div className="executions-inside">
            <ExecutionsTable executions={executions} withSession={false} />
          </div>
        )}
      </Section>
      <Section title="State">
        <StateValues sessionId={session_id} changes={lastChange} />
      </Section>
      <Section title="Log">
        <Log log={log} sinceMs={Date.parse(created_at)} />
      </Section>
    </Page>
  )
}
