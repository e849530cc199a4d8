// Sessions: lines of work inside the tenant, newest first.

import { Button, Group, TextInput } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'

import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { SessionsTable } from '../session/sessions-table.tsx'
import { useSessions } from '../session/use-sessions.ts'

export function Sessions() {
  const { sessions, error, retry, hasOlder, isLoadingOlder, loadOlder } = useSessions()
  return (
    <Page title="Sessions" lead="Lines of work, newest first. Each has one log." actions={<GoToSession />}>
      {error !== null && sessions === null && <Problem error={error} retry={retry} />}
      {sessions === null && error === null && <Loading label="Loading the sessions" />}
      {sessions?.length === 0 && (
        <Empty icon={<IconListDetails size={28} />} title="No sessions yet">
          Each intent stands in a session; where none is named, one is made for it.
        </Empty>
      )}
      {sessions !== null && sessions.length > 0 && <SessionsTable sessions={sessions} />}
      {hasOlder && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={isLoadingOlder} onClick={loadOlder}>
            Older sessions
          </Button>
        </Group>
      )}
    </Page>
  )
}

function GoToSession() {
  const [id, setId] = useState('')
  const navigate = useNavigate()
  const go = (event: SubmitEvent) => {
    event.preventDefault()
    void navigate({ to: '/sessions/$id', params: { id: id.trim() } }).catch(reportError)
  }
  return (
    <form onSubmit={go}>
      <TextInput
        size="xs"
        w={240}
        aria-label="Go to a session"
        placeholder="ses_…, then Enter"
        required
        value={id}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
    </form>
  )
}
