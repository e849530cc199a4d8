// What runs and what ran, newest first.

import type { ExecutionSummary } from '@biplane/protocol'
import { Table } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Ago } from '../../../ui/show/ago.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { StatusMark } from '../../../ui/show/status-mark.tsx'
import { durationInWords } from '../../../ui/time/in-words.ts'

export function Executions() {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery({
    queryKey: ['executions', tenantId],
    queryFn: ({ signal }) => client.executions({ signal }),
  })
  return (
    <Page title="Executions" lead="What runs and what ran, newest first.">
      {error !== null && <Problem error={error} retry={refetch} />}
      {data === undefined && error === null && <Loading label="Loading the executions" />}
      {data?.items.length === 0 && <NoExecutions tenantId={tenantId} />}
      {data !== undefined && data.items.length > 0 && <List executions={data.items} />}
    </Page>
  )
}

const NoExecutions = ({ tenantId }: { tenantId: string }) => (
  <Empty icon={<IconActivity size={28} />} title="Nothing has run yet">
    As soon as somebody of {tenantId} submits an intent, its execution is here: <code>npm run demo</code> makes some.
  </Empty>
)

const List = ({ executions }: { executions: ExecutionSummary[] }) => (
  <div className="panel">
    <Table.ScrollContainer minWidth={640} type="native">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Intent</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Began</Table.Th>
            <Table.Th ta="end">Took</Table.Th>
            <Table.Th>Execution</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {executions.map((execution) => (
            <Row key={execution.execution_id} {...execution} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  </div>
)

const Row = ({ execution_id, intent_type, status, created_at, ended_at }: ExecutionSummary) => (
  <Table.Tr>
    <Table.Td fw={550}>{intent_type}</Table.Td>
    <Table.Td>
      <StatusMark status={status} />
    </Table.Td>
    <Table.Td>
      <Ago time={created_at} />
    </Table.Td>
    <Table.Td ta="end" c="dimmed">
      {ended_at === undefined ? '…' : durationInWords(Date.parse(ended_at) - Date.parse(created_at))}
    </Table.Td>
    <Table.Td c="dimmed" className="mono">
      {execution_id}
    </Table.Td>
  </Table.Tr>
)
