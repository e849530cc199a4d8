import type { Session } from '@biplane/protocol'
import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'

import { Ago } from '../../../ui/show/ago.tsx'
import { useRowKeys } from '../executions/row-keys.ts'
import { SessionMark } from './session-mark.tsx'

export function SessionsTable({ sessions }: { sessions: readonly Session[] }) {
  const box = useRef<HTMLDivElement>(null)
  useRowKeys(box, () => {}, sessions.length)
  return (
    <div className="panel" ref={box}>
      <Table.ScrollContainer minWidth={520} type="native">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Session</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Of</Table.Th>
              <Table.Th>Made</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sessions.map(({ session_id, status, user_id, created_at }, index) => (
              <Table.Tr key={session_id}>
                <Table.Td className="mono">
                  <Link to="/sessions/$id" params={{ id: session_id }} data-row={index}>
                    {session_id}
                  </Link>
                </Table.Td>
                <Table.Td>
                  <SessionMark status={status} />
                </Table.Td>
                <Table.Td>{user_id ?? '–'}</Table.Td>
                <Table.Td>
                  <Ago time={created_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}
