// The facts that a session keeps, by key.

import { Button, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { useAskAgain } from '../execution/use-execution.ts'
import { JsonTree } from '../json/json-tree.tsx'
import './state-values.css'

const PAGE_VALUES = 100

/** `changes`: something that is another whenever a value may be. */
export function StateValues({ sessionId, changes }: { sessionId: string; changes: unknown }) {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['states', tenantId, sessionId],
    queryFn: ({ pageParam, signal }) =>
      client.states({ sessionId }, { limit: PAGE_VALUES, ...(pageParam !== null && { after: pageParam }), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  useAskAgain(changes, isFetching, refetch)
  if (error !== null && data === undefined) return <Problem error={error} retry={refetch} />
  if (data === undefined) return <Loading label="Loading the state" lines={2} />
  const values = data.pages.flatMap(({ items }) => items)
  if (values.length === 0) {
    return (
      <Text p="md" size="sm" c="dimmed">
        It keeps nothing. A handler sets values with <code>ctx.state.set</code>.
      </Text>
    )
  }
  return (
    <dl className="state-values">
      {values.map(({ key, value, revision }) => (
        <div key={key}>
          <dt>
            <code>{key}</code>
            <Text size="xs" c="dimmed">
              revision {revision}
            </Text>
          </dt>
          <dd>
            <JsonTree value={value} name={key} />
          </dd>
        </div>
      ))}
      {hasNextPage && (
        <Button variant="subtle" size="xs" onClick={() => void fetchNextPage().catch(reportError)}>
          More
        </Button>
      )}
    </dl>
  )
}
