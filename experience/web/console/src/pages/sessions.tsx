// Sessions: lines of work inside the tenant, newest first.

import { Button, Group, TextInput } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { SessionsTable } from '../session/sessions-table.tsx'

const PAGE_ROWS = 50
const ASK_EVERY_MS = 5_000

export function Sessions() {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['sessions', tenantId],
    queryFn: ({ pageParam, signal }) =>
      client.sessions({ limit: PAGE_ROWS, ...(pageParam !== null && { after: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // Of many pages each would be asked for.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : ASK_EVERY_MS),
  })
  const sessions = data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page title="Sessions" lead="Lines of work, newest first. Each has one log." actions={<GoToSession />}>
      {error !== null && data === undefined && <Problem error={error} retry={refetch} />}
      {data === undefined && error === null && <Loading label="Loading the sessions" />}
      {data !== undefined && sessions.length === 0 && (
        <Empty icon={<IconListDetails size={28} />} title="No sessions yet">
          Each intent stands in a session; where none is named, one is made for it.
        </Empty>
      )}
      {sessions.length > 0 && <SessionsTable sessions={sessions} />}
      {hasNextPage && (
        <Group justify="center" mt="md">
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage().catch(reportError)}
          >
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
